import { createServer, IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';
import { connect, Socket, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  canPrepareHeads,
  fieldLines,
  isPlainResponse,
  writeHead,
} from '../../../server/src/middlewares/message-head';

const FIELDS = ['Content-Type', 'text/plain', 'Vary', 'Origin', 'X-Text', 'café'];
const BODY = Buffer.from('hello');
const DATE = 'Sat, 21 Nov 2026 12:00:00 GMT';
const LENGTH = ['Content-Length', '5'];

const prepared: RequestListener = (_req, res) => {
  writeHead(res, 200, LENGTH, fieldLines(['Date', DATE, ...FIELDS]));
  res.end(BODY);
};
const byNode: RequestListener = (_req, res) => {
  res.writeHead(200, [...LENGTH, 'Date', DATE, ...FIELDS]);
  res.end(BODY);
};

const servers: Server[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
});

/** Sends bytes and returns all that comes back until the server is silent or ends the connection. */
async function exchange(listener: RequestListener, sent: string, answers: number): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((listening) => server.once('listening', listening));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let got = '';
  await new Promise<void>((done) => {
    socket.on('data', (bytes: Buffer) => {
      got += bytes.toString('latin1');
      if (got.split('hello').length > answers) done();
    });
    socket.on('close', () => done());
    socket.write(sent);
  });
  socket.destroy();
  return got;
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const sorted = (message: string): string[] => message.split('\r\n').sort();

describe('a prepared head', () => {
  it.each([
    ['HTTP/1.1', GET],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
    ['a connection that ends', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ])('says what Node would say: %s', async (_what, request) => {
    const own = await exchange(prepared, request, 1);
    expect(sorted(own)).toEqual(sorted(await exchange(byNode, request, 1)));
    expect(own).toContain('\r\n\r\nhello');
  });

  it('answers requests that were sent at once, one after the other', async () => {
    const got = await exchange(prepared, GET + GET + GET, 3);
    expect(got.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(got.match(/\r\n\r\nhello/g)).toHaveLength(3);
  });

  it.each([
    ['a line break in a value', ['X-Name', 'a\r\nSet-Cookie: b']],
    ['a line break in a name', ['X-Name\r\nX', 'a']],
    ['a character that no field can carry', ['X-Name', '\u2026']],
  ])('cannot be made with %s', (_what, fields) => {
    expect(() => fieldLines(fields)).toThrow(TypeError);
  });
});

describe('whether heads can be prepared', () => {
  it('is found out by trying: on this version of Node they can', () => {
    expect(canPrepareHeads()).toBe(true);
  });

  it.each([
    ['keeps its head elsewhere', () => undefined],
    [
      'sends it at once',
      function (this: ServerResponse) {
        this.flushHeaders();
      },
    ],
    [
      'throws',
      () => {
        throw new Error('made for this test');
      },
    ],
  ])('is no on a Node that %s', (_what, otherwise) => {
    vi.spyOn(ServerResponse.prototype, 'writeHead').mockImplementation(otherwise as never);
    expect(canPrepareHeads()).toBe(false);
  });

  it('is no for a response of another class, and for one that somebody has changed', () => {
    const request = new IncomingMessage(new Socket());
    class Other extends ServerResponse {}
    const changed = new ServerResponse(request);
    changed.writeHead = changed.writeHead.bind(changed) as never;
    expect(isPlainResponse(new ServerResponse(request))).toBe(true);
    expect(isPlainResponse(new Other(request))).toBe(false);
    expect(isPlainResponse(changed)).toBe(false);
  });
});
