import type { Server, ServerResponse } from 'node:http';
import type { HitHead } from './hit-lines';

/** What Node writes before the lines of a hit, for connections that are kept. */
export interface Opening {
  /** Up to the number of bytes of the body. */
  readonly before: string;
  /** From there to the end of what Node writes. */
  readonly after: string;
  readonly keepAliveTimeout: unknown;
  readonly maxRequests: unknown;
}

/** What Node has put into a head and by what, under names that are not documented (`_http_outgoing.js`). */
interface Headed {
  readonly _header?: unknown;
  readonly _keepAliveTimeout?: unknown;
  readonly _maxRequestsPerSocket?: unknown;
}

/**
 * Reads it from a head that Node has written.
 * @returns null where it cannot be told from the lines behind it, or does not keep the connection
 */
export function openingOf(res: ServerResponse, { length, lines }: HitHead): Opening | null {
  const { _header, _keepAliveTimeout, _maxRequestsPerSocket } = res as unknown as Headed;
  const written = String(_header);
  const [name, bytes] = length;
  const number = `\r\n${name}: ${bytes}\r\n`;
  const [from, to] = [written.indexOf(number), written.indexOf(lines)];
  if (from < 0 || to < from) return null;
  const end = from + number.length - 2;
  const after = written.slice(end, to);
  if (!/^\r\nConnection: keep-alive\r\n(?:Keep-Alive: .*\r\n)?$/i.test(after)) return null;
  return {
    before: written.slice(0, end - String(bytes).length),
    after,
    keepAliveTimeout: _keepAliveTimeout,
    maxRequests: _maxRequestsPerSocket,
  };
}

/** Whether Node would write the same for this response: both can be changed while the server runs. */
export function isFor({ keepAliveTimeout, maxRequests }: Opening, res: ServerResponse): boolean {
  const { _keepAliveTimeout, _maxRequestsPerSocket } = res as unknown as Headed;
  return keepAliveTimeout === _keepAliveTimeout && maxRequests === _maxRequestsPerSocket;
}

/** Whether Node would write the same for every response of a server, as long as its connection is kept. */
export const isForAll = (
  { keepAliveTimeout, maxRequests }: Opening,
  { keepAliveTimeout: now, maxRequestsPerSocket }: Server,
): boolean => keepAliveTimeout === now && maxRequests === maxRequestsPerSocket && !maxRequestsPerSocket;
