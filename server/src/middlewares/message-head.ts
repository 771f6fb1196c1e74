import { IncomingMessage, ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';

/**
 * Fields as they stand in the head of a message, each with the end of its line.
 * @param fields name, value, name, value ...
 * @throws TypeError for a name or a value that must not stand there
 */
export function fieldLines(fields: readonly string[]): string {
  let lines = '';
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [name = '', value = ''] = [fields[i], fields[i + 1]];
    validateHeaderName(name);
    validateHeaderValue(name, value);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/** The head as Node keeps it from `writeHead` until the first byte is sent. */
interface Heading {
  _header?: unknown;
}

/**
 * Writes a head of which the greater part is ready. Node looks at every field of `writeHead` anew, for every message,
 * which is a good part of what a hit costs; what decides about the connection is still left to it.
 * @param fields what Node must know of: the length of the body
 * @param lines from `fieldLines`, `Date` included
 */
export function writeHead(res: ServerResponse, status: number, fields: string[], lines: string): void {
  res.sendDate = false;
  res.writeHead(status, fields);
  const heading = res as Heading;
  heading._header = `${String(heading._header).slice(0, -2)}${lines}\r\n`;
}

const { writeHead: WRITE_HEAD, end: END } = ServerResponse.prototype;

/** Whether nobody has put functions of his own into Node's class. */
export const hasPlainResponses = (): boolean =>
  ServerResponse.prototype.writeHead === WRITE_HEAD && ServerResponse.prototype.end === END;

/** Whether it is Node's own class, as it was made: another one may build its head in another way. */
export const isPlainResponse = (res: ServerResponse): boolean =>
  Object.getPrototypeOf(res) === ServerResponse.prototype && res.writeHead === WRITE_HEAD && res.end === END;

/**
 * Sends a response to nobody, to find out whether what is not in Node's documentation works.
 * @returns the response and the bytes that it has sent, or null where it threw
 */
export function tryOut(
  send: (res: ServerResponse, socket: Socket) => void,
): { readonly res: ServerResponse; readonly sent: string } | null {
  let sent = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      sent += chunk.toString('latin1');
      done();
    },
    writev(chunks, done) {
      for (const { chunk } of chunks as { chunk: Buffer | string }[]) sent += chunk.toString('latin1');
      done();
    },
  });
  try {
    const res = new ServerResponse(new IncomingMessage(new Socket()));
    res.assignSocket(sink as Socket);
    send(res, sink as Socket);
    return { res, sent };
  } catch {
    return null;
  }
}

/** Whether this Node lets heads be written as `writeHead` does it. */
export function canPrepareHeads(): boolean {
  const tried = tryOut((res) => {
    writeHead(res, 200, ['Content-Length', '2'], 'X-Tried: yes\r\n');
    res.end(Buffer.from('ok'));
  });
  const right = /^HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\n(?:[\w-]+: .*\r\n)*X-Tried: yes\r\n\r\nok$/;
  return tried !== null && right.test(tried.sent);
}
