import type { IncomingMessage } from 'node:http';

/** Bytes of the longest head that is kept. */
export const LONGEST_HEAD = 2048;

/** Fields of requests that say who asks, have a body, or want something else than a response. */
const KEPT_OUT = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
] as const;

/**
 * The bytes of a `GET` request, one in each character, as most clients write them: one space after each colon, nothing
 * folded. What was written in another way says something else here, so it must be compared with what has arrived.
 * @returns null for heads that are not to be kept
 */
export function headOf({ headers, rawHeaders, url }: IncomingMessage): string | null {
  for (const name of KEPT_OUT) if (headers[name] !== undefined) return null;
  let head = `GET ${url} HTTP/1.1\r\n`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  return head.length + 2 <= LONGEST_HEAD ? `${head}\r\n` : null;
}
