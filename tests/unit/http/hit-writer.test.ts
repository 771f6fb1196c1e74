import { createServer, OutgoingMessage, ServerResponse, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HitHead } from '../../../server/src/middlewares/hit-lines';
import { canSendAtOnce, HitWriter } from '../../../server/src/middlewares/hit-writer';
import { fieldLines } from '../../../server/src/middlewares/message-head';

const FIELDS = ['Date', 'Sat, 21 Nov 2026 12:00:00 GMT', 'Content-Type', 'text/plain', 'X-Text', 'café'];
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

const open: (Server | Socket)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const it of open.splice(0))
    if ('destroy' in it) it.destroy();
    else it.close();
});

interface Answers {
  readonly server: Server;
  /** How many answers Node's own `end` has sent. */
  readonly byNode: () => number;
  /** Sends bytes on one connection and returns what has come once so many answers are complete. */
  readonly ask: (sent: string, answers?: number) => Promise<string>;
}

/** A server that answers everything as a hit, and one connection to it. */
async function answering({ body = Buffer.from('hello'), more = '' } = {}): Promise<Answers> {
  const head = (): HitHead => ({
    length: ['Content-Length', String(body.byteLength)],
    lines: fieldLines(FIELDS),
    made: null,
  });
  const one = head();
  const writer = new HitWriter();
  const end = vi.spyOn(OutgoingMessage.prototype, 'end');
  const server = createServer((_req, res) => writer.write(res, 200, one, more, body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  open.push(server);
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  open.push(socket);
  const ends = body.toString('latin1', Math.max(0, body.byteLength - 5));
  const ask = (sent: string, answers = 1): Promise<string> =>
    new Promise((done) => {
      let got = '';
      const read = (bytes: Buffer): void => {
        got += bytes.toString('latin1');
        if (!got.endsWith(ends) || got.split(ends).length <= answers) return;
        socket.off('data', read);
        done(got);
      };
      socket.on('data', read);
      socket.write(sent);
    });
  return { server, byNode: () => end.mock.calls.length, ask };
}

describe('a hit on a kept connection', () => {
  it('is sent by Node first, and as Node would send it from then on', async () => {
    const { ask, byNode } = await answering();
    const first = await ask(GET);
    expect(byNode()).toBe(1);
    for (let i = 0; i < 40; i++) expect(await ask(GET)).toBe(first);
    expect(byNode()).toBe(1);
    expect(first).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n/,
    );
  });

  it('says what this one answer has to say beside the entry', async () => {
    const { ask } = await answering({ more: 'RateLimit: "few";r=1\r\n' });
    const first = await ask(GET);
    expect(first).toContain('\r\nRateLimit: "few";r=1\r\n');
    expect(await ask(GET)).toBe(first);
  });

  it('is left to Node where the connection is to end', async () => {
    const { ask, byNode } = await answering();
    await ask(GET);
    const last = await ask('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(last).toContain('\r\nConnection: close\r\n');
    expect(byNode()).toBe(2);
  });

  it('is left to Node for HTTP/1.0', async () => {
    const { ask, byNode } = await answering();
    await ask(GET);
    expect(await ask('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')).toContain('hello');
    expect(byNode()).toBe(2);
  });

  it('comes in order when requests were sent at once', async () => {
    const { ask } = await answering();
    const first = await ask(GET);
    expect(await ask(GET + GET + GET, 3)).toBe(first + first + first);
    expect(await ask(GET)).toBe(first);
  });

  it('tells for how long the connection is kept now', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    server.keepAliveTimeout = 9_000;
    expect(await ask(GET)).toContain('\r\nKeep-Alive: timeout=9\r\n');
    expect(await ask(GET)).toContain('\r\nKeep-Alive: timeout=9\r\n');
  });

  it('ends the connection after as many requests as a server allows', async () => {
    const { server, ask } = await answering();
    server.maxRequestsPerSocket = 3;
    expect(await ask(GET)).toContain('\r\nKeep-Alive: timeout=5, max=3\r\n');
    expect(await ask(GET)).toContain('\r\nConnection: keep-alive\r\n');
    expect(await ask(GET)).toContain('\r\nConnection: close\r\n');
  });

  it('tells those who listen to the response that it is done', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const seen: string[] = [];
    const closed = new Promise<void>((done) => {
      server.prependOnceListener('request', (_req, res: ServerResponse) => {
        for (const event of ['prefinish', 'finish', 'close'])
          res.once(event, () =>
            seen.push(`${event} ${res.statusCode} ${res.headersSent} ${res.writableEnded}`),
          );
        res.once('close', done);
      });
    });
    await Promise.all([ask(GET), closed]);
    expect(seen).toEqual(['prefinish 200 true true', 'finish 200 true true', 'close 200 true true']);
  });

  it('arrives whole where the other side reads slowly', async () => {
    const body = Buffer.concat([Buffer.alloc(3 * 1024 * 1024, 'x'), Buffer.from('hello')]);
    const { ask } = await answering({ body });
    const first = await ask(GET);
    const second = await ask(GET);
    expect(second.length).toBe(first.length);
    expect(second === first).toBe(true);
  });

  it('comes behind what still waits in its connection', async () => {
    const { server, ask } = await answering();
    const first = await ask(GET);
    await ask(GET);
    server.prependOnceListener('request', ({ socket }) => {
      socket.write(Buffer.alloc(8 * 1024 * 1024, 'x'));
      socket.write('waited ');
    });
    const got = await ask(GET);
    expect(got.slice(8 * 1024 * 1024)).toBe(`waited ${first}`);
  });

  it('comes behind what is held back in its connection', async () => {
    const { server, ask } = await answering();
    const first = await ask(GET);
    server.prependOnceListener('request', ({ socket }, res) => {
      socket.cork();
      res.writeProcessing();
      process.nextTick(() => socket.uncork());
    });
    expect(await ask(GET)).toBe(`HTTP/1.1 102 Processing\r\n\r\n${first}`);
  });

  it('is left to Node where somebody has put a write of his own on the socket', async () => {
    const { server, ask, byNode } = await answering();
    const first = await ask(GET);
    let bytes = 0;
    server.prependOnceListener('request', ({ socket }) => {
      const { write } = socket;
      socket.write = ((...given: Parameters<typeof write>) => {
        bytes += given[0].length;
        return write.apply(socket, given);
      }) as typeof write;
    });
    expect(await ask(GET)).toBe(first);
    expect(byNode()).toBe(2);
    expect(bytes).toBeGreaterThanOrEqual(first.length);
  });

  it('ends the connection, and is not done, where it cannot be sent', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const events: string[] = [];
    const closed = new Promise<void>((done) => {
      server.prependOnceListener('request', ({ socket }, res: ServerResponse) => {
        socket._writev = (_pieces, written) => written(new Error('made for this test'));
        res.once('finish', () => events.push('finish'));
        res.once('close', () => {
          events.push('close');
          done();
        });
      });
    });
    void ask(GET);
    await closed;
    expect(events).toEqual(['close']);
  });

  it('tells whoever begins to listen to the response after it was sent', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const finished = new Promise<void>((done) => {
      server.on('request', (_req, res: ServerResponse) => res.once('finish', done));
    });
    await Promise.all([ask(GET), finished]);
  });

  it('keeps the fields that somebody else has set on it', async () => {
    const { server, ask } = await answering();
    const first = await ask(GET);
    server.prependOnceListener('request', (_req, res: ServerResponse) => res.setHeader('Server-Timing', 'x'));
    expect(await ask(GET)).toMatch(/\r\nServer-Timing: x\r\n[^]*hello$/);
    expect(await ask(GET)).toBe(first);
  });

  it('tells those who listen to the request that it is over', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const over = new Promise<void>((done) => {
      server.prependOnceListener('request', (req) => req.once('close', done));
    });
    await Promise.all([ask(GET), over]);
  });

  it('lets a body pass that came with the request', async () => {
    const { ask } = await answering();
    const first = await ask(GET);
    const withBody = 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\nignored';
    const chunked =
      'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nignored\r\n0\r\n\r\n';
    expect(await ask(withBody)).toBe(first);
    expect(await ask(chunked)).toBe(first);
    expect(await ask(withBody + chunked + GET, 3)).toBe(first + first + first);
    expect(await ask(GET)).toBe(first);
  });

  it('leaves nothing behind on its connection', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const sockets: Socket[] = [];
    server.prependOnceListener('request', (req) => sockets.push(req.socket));
    await ask(GET);
    const listeners = (): number[] => {
      const [socket] = sockets;
      return socket!.eventNames().map((name) => socket!.listenerCount(name));
    };
    const before = listeners();
    for (let i = 0; i < 50; i++) await ask(GET);
    expect(listeners()).toEqual(before);
  });

  it('lets an idle connection end when its time is over', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    const ended = new Promise<void>((done) => {
      server.prependOnceListener('request', (req, res: ServerResponse) => {
        res.once('close', () => {
          req.socket.once('close', () => done());
          req.socket.emit('timeout');
        });
      });
    });
    await ask(GET);
    await ended;
  });

  it('leaves no connection open when the server closes', async () => {
    const { server, ask } = await answering();
    await ask(GET);
    await ask(GET);
    await new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeIdleConnections();
    });
    expect(server.listening).toBe(false);
  });
});

describe('whether hits can be handed to the socket', () => {
  it('is found out by trying: on this version of Node they can', () => {
    expect(canSendAtOnce()).toBe(true);
  });

  it('is no where somebody wants to be told of every end of a response', () => {
    const { prototype } = ServerResponse;
    prototype.end = OutgoingMessage.prototype.end as never;
    try {
      expect(canSendAtOnce()).toBe(false);
    } finally {
      Reflect.deleteProperty(prototype, 'end');
    }
  });

  it('is no on a Node that does not know what is relied on', () => {
    vi.spyOn(ServerResponse.prototype as unknown as { _finish(): void }, '_finish').mockImplementation(() => {
      throw new Error('made for this test');
    });
    expect(canSendAtOnce()).toBe(false);
  });

  it('decides: where they cannot, Node sends all of them', async () => {
    vi.spyOn(ServerResponse.prototype as unknown as { _finish(): void }, '_finish').mockImplementationOnce(
      () => {
        throw new Error('made for this test');
      },
    );
    const { ask, byNode } = await answering();
    expect(await ask(GET)).toBe(await ask(GET));
    expect(byNode()).toBe(2);
  });
});
