import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HitHead } from './hit-lines';
import { isIdle } from './idle-socket';
import { JoinedWrites } from './joined-writes';
import { MadeHead } from './made-head';
import { tryOut, writeHead } from './message-head';
import { isFor, isForAll, openingOf, type Opening } from './opening';
import type { Connection } from './repeats/connection';

/** What Node keeps of a response (`_http_outgoing.js`, `_http_server.js`), under names that are not documented. */
interface Answering {
  readonly maxRequestsOnConnectionReached?: unknown;
  _header?: unknown;
  _headerSent?: boolean;
  finished: boolean;
  _finish(): void;
}

/**
 * Sends hits. `writeHead` and `end` are a fifth of what a bare server needs for an answer, and what they decide is the
 * same for every kept connection: so it is taken from the first hit, and the others are handed to the socket as they
 * are. Anything but a plain kept connection is left to Node.
 */
export class HitWriter {
  private readonly openings = new Map<number, Opening>();
  private readonly writes = new JoinedWrites();

  /** @param atOnce whether this Node lets hits be handed to the socket, see `canSendAtOnce` */
  constructor(private readonly atOnce = canSendAtOnce()) {}

  /**
   * @param more lines of this one answer, beside those of the entry
   * @returns whether the socket has taken all of it at once
   */
  write(res: ServerResponse, status: number, head: HitHead, more: string, body: Buffer): boolean {
    const socket = this.atOnce && head.length.length > 0 ? keptSocket(res) : null;
    const opening = this.openings.get(status);
    if (socket !== null && opening !== undefined && isFor(opening, res))
      return send(this.writes, res, socket, status, madeOf(head, opening), more, body);
    writeHead(res, status, head.length, head.lines + more);
    const written = socket === null ? null : openingOf(res, head);
    if (written !== null) this.openings.set(status, written);
    res.end(body);
    return false;
  }

  /** Whether a hit could be written to a connection for which there is no response of Node's. */
  canRepeat(status: number, head: HitHead, server: Server): boolean {
    const opening = this.openings.get(status);
    return opening !== undefined && head.length.length > 0 && isForAll(opening, server);
  }

  /** Writes one, see `canRepeat`. */
  repeat(to: Connection, status: number, head: HitHead, more: string, body: Buffer, server: Server): void {
    const opening = this.openings.get(status)!;
    to.send(this.writes, madeOf(head, opening), more, body, server.timeout);
  }
}

/** The socket of a response that is next to be sent, on a connection that stays open, with nothing set on it so far. */
function keptSocket(res: ServerResponse): Socket | null {
  const { socket, req, shouldKeepAlive } = res;
  // somebody who listens to the server may have given it fields of his own
  if (res.getHeaderNames().length > 0) return null;
  if (!socket || !shouldKeepAlive || !isIdle(socket)) return null;
  if ((res as unknown as Answering).maxRequestsOnConnectionReached === true) return null;
  return req.httpVersionMajor === 1 && req.httpVersionMinor === 1 ? socket : null;
}

/** That of an entry stays the same for a second. */
function madeOf(head: HitHead, opening: Opening): MadeHead {
  if (head.made?.opening !== opening)
    head.made = new MadeHead(opening, `${opening.before}${head.length[1]}${opening.after}${head.lines}`);
  return head.made;
}

/**
 * What `writeHead` and `end` do of all that can be seen from outside. A request without a body is not let run out
 * through its stream where nobody listens: the ticks of that end cost a tenth of a hit. The bytes do not go through
 * the stream of the socket either: nothing waits there, so there is nothing that it has to keep in order.
 * @returns whether the socket has taken all of it
 */
function send(
  writes: JoinedWrites,
  res: ServerResponse,
  socket: Socket,
  status: number,
  head: MadeHead,
  more: string,
  body: Buffer,
): boolean {
  const answering = res as unknown as Answering;
  let taken = false;
  res.statusCode = status;
  answering._header = head.with(more);
  answering._headerSent = true;
  answering.finished = true;
  if (isOver(res.req)) (res.req as { _consuming?: boolean })._consuming = true;
  writes.write(socket, head, more, body, (error) => {
    taken = !error;
    if (error) socket.destroy(error);
    // whoever is told of this request after us may still want to hear it
    else process.nextTick(finish, res, socket);
  });
  answering._finish();
  return taken;
}

function finish(res: ServerResponse, socket: Socket): void {
  if (!(socket as { _hadError?: boolean })._hadError) res.emit('finish');
}

/** Whether a request has nothing more to say, and nobody waits to be told so. */
function isOver(req: IncomingMessage): boolean {
  const { headers } = req;
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return false;
  return req.listenerCount('end') === 0 && req.listenerCount('close') === 0;
}

/** Whether this Node lets hits be sent so. Who has put an `end` of his own into the class wants it to be called. */
export function canSendAtOnce(): boolean {
  if (Object.hasOwn(ServerResponse.prototype, 'end')) return false;
  const [writes, head, body] = [new JoinedWrites(), new MadeHead({}, 'tried\r\n'), Buffer.from('ok')];
  // the first in two pieces, the others in one
  return [0, Infinity, Infinity].every((sent, index) => {
    const more = `index: ${index}\r\n`;
    head.sent = sent;
    const tried = tryOut((res, socket) => send(writes, res, socket, 200, head, more, body));
    if (tried?.sent !== `tried\r\n${more}\r\nok`) return false;
    const { headersSent, writableEnded, statusCode } = tried.res;
    return headersSent && writableEnded && statusCode === 200;
  });
}
