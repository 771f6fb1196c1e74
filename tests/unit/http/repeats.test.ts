import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HitHead } from '../../../server/src/middlewares/hit-lines';
import { HitWriter } from '../../../server/src/middlewares/hit-writer';
import { fieldLines } from '../../../server/src/middlewares/message-head';
import { Repeats } from '../../../server/src/middlewares/repeats/repeats';
import type { CachePlan } from '../../../server/src/strapi/plan';
import { KeptConnection } from '../../support/kept-connection';

const head = (url: string, fields = ''): string => `GET ${url} HTTP/1.1\r\nHost: site\r\n${fields}\r\n`;
const HIT = head('/hit');
const OTHER = head('/hit/other');
const LARGE = head('/hit/large');
const MEGABYTES = 'x'.repeat(8_000_000);
const LATE = head('/late');
/** More than it takes until a connection is known to repeat itself. */
const OFTEN = 60;
const PLAN = {} as CachePlan;

const toClose: (() => unknown)[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const close of toClose.splice(0).reverse()) close();
});

interface Site {
  readonly server: Server;
  /** What Node has read, request by request. */
  readonly read: string[];
  /** Lets the late ones be answered. */
  readonly release: () => void;
  /** Makes the body of `LARGE` as large as its name says. */
  readonly grow: () => void;
  /** The server's side of the connection. */
  readonly socket: () => Socket;
  readonly connect: () => Promise<KeptConnection>;
  /** A connection that has repeated `HIT` often. */
  readonly repeating: () => Promise<KeptConnection>;
}

interface Options {
  /** Whether what is known may be answered again. */
  readonly may?: () => boolean;
}

/** A server that answers everything under `/hit` as a hit, and the rest in other ways. */
async function serving({ may = () => true }: Options = {}): Promise<Site> {
  const writer = new HitWriter();
  let large = 'not yet';
  const bytes = (url: string): Buffer => Buffer.from(`${url === '/hit/large' ? large : 'hello'} ${url}`);
  const heads = new Map<string, HitHead>();
  const headFor = (url: string): HitHead => {
    const known = heads.get(url);
    if (known) return known;
    const length = ['Content-Length', String(bytes(url).byteLength)];
    const made = { length, lines: fieldLines(['Content-Type', 'text/plain']), made: null };
    heads.set(url, made);
    return made;
  };
  const read: string[] = [];
  const waiting: ServerResponse[] = [];
  let last: Socket;
  const handle = (req: IncomingMessage, res: ServerResponse): void => {
    const { url = '', method } = req;
    read.push(`${method} ${url}`);
    last = req.socket;
    if (method === 'POST') return void echo(req, res);
    if (url === '/late') return void waiting.push(res);
    const atOnce = writer.write(res, 200, headFor(url), '', bytes(url));
    if (atOnce) repeats.answered(req, PLAN);
  };
  const server = createServer(handle);
  const repeats = new Repeats(server, {
    answer: (to, { url }) => {
      const known = headFor(url);
      if (!may() || !writer.canRepeat(200, known, server)) return false;
      writer.repeat(to, 200, known, '', bytes(url), server);
      return true;
    },
    passed: () => undefined,
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  toClose.push(() => server.close());
  const connect = async (): Promise<KeptConnection> => {
    const to = await KeptConnection.to(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    toClose.push(() => to.close());
    return to;
  };
  return {
    server,
    grow: () => {
      large = MEGABYTES;
      heads.clear();
    },
    read,
    release: () =>
      waiting.splice(0).forEach((res) => res.writeHead(200, { 'Content-Length': 4 }).end('late')),
    socket: () => last,
    connect,
    repeating: async () => {
      const to = await connect();
      for (let i = 0; i < OFTEN; i++) await to.ask(HIT);
      read.length = 0;
      return to;
    },
  };
}

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  res.writeHead(200, { 'Content-Length': body.byteLength }).end(body);
}

/** Resolves when so many requests were read. */
const reads = ({ read }: Site, count: number): Promise<void> =>
  vi.waitFor(() => expect(read).toHaveLength(count), { interval: 1 });

/** Resolves when all that was sent has arrived. */
const hasRead = (site: Site, { socket }: KeptConnection): Promise<void> =>
  vi.waitFor(() => expect(site.socket().bytesRead).toBe(socket.bytesWritten), { interval: 1 });

describe('a connection that repeats itself', () => {
  it('is answered before Node has read the request, with the same bytes', async () => {
    const site = await serving();
    const to = await site.connect();
    await to.ask(HIT);
    const byNode = await to.ask(HIT);
    for (let i = 0; i < OFTEN; i++) await to.ask(HIT);
    const read = site.read.length;
    expect((await to.ask(HIT)).text).toBe(byNode.text);
    expect(site.read).toHaveLength(read);
  });

  it('is left to Node as long as it asks for something else each time', async () => {
    const site = await serving();
    const to = await site.connect();
    for (let i = 0; i < 3 * OFTEN; i++) await to.ask(head(`/hit/${i}`));
    expect(site.read).toHaveLength(3 * OFTEN);
  });

  it('is left to Node as long as it asks for something else now and then', async () => {
    const site = await serving();
    const to = await site.connect();
    const urls = Array.from({ length: 2 * OFTEN }, (_, i) => (i % 16 === 0 ? `/hit/${i}` : '/hit'));
    for (const url of urls) await to.ask(head(url));
    expect(site.read).toHaveLength(2 * OFTEN);
  });

  it('may repeat several requests in turn', async () => {
    const site = await serving();
    const to = await site.connect();
    for (let i = 0; i < OFTEN; i++) for (const url of ['/hit/1', '/hit/2']) await to.ask(head(url));
    site.read.length = 0;
    expect((await to.ask(head('/hit/2'))).body).toBe('hello /hit/2');
    expect((await to.ask(head('/hit/1'))).body).toBe('hello /hit/1');
    expect(site.read).toEqual([]);
  });

  it('learns from what others ask', async () => {
    const site = await serving();
    const [one, two] = [await site.repeating(), await site.repeating()];
    await one.ask(OTHER);
    expect(site.read).toEqual(['GET /hit/other']);
    await two.ask(OTHER);
    expect(site.read).toHaveLength(1);
  });

  it('has a new request read by Node, and goes on behind it', async () => {
    const site = await serving();
    const to = await site.repeating();
    expect((await to.ask(OTHER)).body).toBe('hello /hit/other');
    expect((await to.ask(HIT)).body).toBe('hello /hit');
    expect(site.read).toEqual(['GET /hit/other']);
  });

  it('has the request read by Node where the answer may not be given any more', async () => {
    let allowed = true;
    const site = await serving({ may: () => allowed });
    const to = await site.repeating();
    allowed = false;
    expect((await to.ask(HIT)).body).toBe('hello /hit');
    expect(site.read).toEqual(['GET /hit']);
  });

  it.each([
    ['a credential', 'Authorization: Bearer secret\r\n'],
    ['a cookie', 'Cookie: jwt=secret\r\n'],
    ['a length', 'Content-Length: 0\r\n'],
    ['a wish for another protocol', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'],
    ['more than is kept', `X-Long: ${'x'.repeat(2048)}\r\n`],
  ])('is left to Node where its requests have %s', async (_what, fields) => {
    const site = await serving();
    const to = await site.connect();
    for (let i = 0; i < OFTEN; i++) await to.ask(head('/hit', fields));
    expect(site.read).toHaveLength(OFTEN);
  });

  it('is left to Node where its requests are written in an unusual way', async () => {
    const site = await serving();
    const to = await site.repeating();
    for (let i = 0; i < OFTEN; i++) await to.ask('GET /hit HTTP/1.1\r\nhost:site\r\n\r\n');
    expect(site.read).toHaveLength(OFTEN);
  });

  it('ends when the client asks for that', async () => {
    const site = await serving();
    const to = await site.repeating();
    const last = await to.ask(head('/hit', 'Connection: close\r\n'));
    expect(last.header('connection')).toBe('close');
    await expect(to.next()).rejects.toThrow('ended');
  });

  it('keeps the timeout of connections that nobody uses', async () => {
    const site = await serving();
    const before = await site.repeating();
    const { timeout } = site.socket();
    expect(timeout).toBeGreaterThanOrEqual(site.server.keepAliveTimeout);
    await before.ask(HIT);
    expect(site.socket().timeout).toBe(timeout);
  });

  it('ends with the server', async () => {
    const site = await serving();
    const to = await site.repeating();
    const closed = new Promise((done) => site.server.close(done));
    await expect(to.next()).rejects.toThrow('ended');
    await closed;
  });
});

describe('what must not be taken for a repeated request', () => {
  it('is the body of another one', async () => {
    const site = await serving();
    const to = await site.repeating();
    await to.write(`POST /echo HTTP/1.1\r\nHost: site\r\nContent-Length: ${2 * HIT.length}\r\n\r\n`);
    await reads(site, 1);
    await to.write(HIT);
    const [echoed, after] = [await to.ask(HIT), await to.ask(HIT)];
    expect(echoed.body).toBe(HIT + HIT);
    expect(after.body).toBe('hello /hit');
    expect(site.read).toEqual(['POST /echo', 'GET /hit']);
  });

  it('is a piece of a body in chunks', async () => {
    const site = await serving();
    const to = await site.repeating();
    await to.write('POST /echo HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n');
    await reads(site, 1);
    await to.write(`${HIT.length.toString(16)}\r\n`);
    await to.write(HIT);
    expect((await to.ask('\r\n0\r\n\r\n')).body).toBe(HIT);
    expect(site.read).toEqual(['POST /echo']);
  });

  it('is a part of the head of another one', async () => {
    const site = await serving();
    const to = await site.repeating();
    // the head goes on with what looks like a request
    await to.write('GET /hit/other HTTP/1.1\r\nHost: site\r\nX-Text: ');
    await hasRead(site, to);
    const answer = await to.ask(HIT);
    expect(answer.body).toBe('hello /hit/other');
    expect(site.read).toEqual(['GET /hit/other']);
  });

  it('is a request that comes in two pieces', async () => {
    const site = await serving();
    const to = await site.repeating();
    await to.write(HIT.slice(0, 10));
    await hasRead(site, to);
    expect((await to.ask(HIT.slice(10))).body).toBe('hello /hit');
    expect(site.read).toEqual(['GET /hit']);
    // and what comes behind it is looked at again once one was whole
    await to.ask(HIT);
    await to.ask(HIT);
    expect(site.read).toHaveLength(2);
  });

  it('are requests that come together', async () => {
    const site = await serving();
    const to = await site.repeating();
    const answers = await to.ask(HIT + OTHER + HIT, 3);
    expect(answers.map(({ body }) => body)).toEqual(['hello /hit', 'hello /hit/other', 'hello /hit']);
    expect(site.read).toHaveLength(3);
  });

  it('is a request behind one that is not answered yet', async () => {
    const site = await serving();
    const to = await site.repeating();
    await to.write(LATE);
    await reads(site, 1);
    await to.write(HIT);
    await reads(site, 2);
    site.release();
    expect([(await to.next()).body, (await to.next()).body]).toEqual(['late', 'hello /hit']);
  });

  it('is what a connection says in another protocol', async () => {
    const site = await serving();
    let said = '';
    site.server.on('upgrade', (_req, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nContent-Length: 0\r\n\r\n');
      socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
    });
    const to = await site.repeating();
    const switched = await to.ask(
      'GET /x HTTP/1.1\r\nHost: site\r\nConnection: Upgrade\r\nUpgrade: own\r\n\r\n',
    );
    expect(switched.status).toBe(101);
    await to.write(HIT);
    await vi.waitFor(() => expect(said).toBe(HIT), { interval: 1 });
  });
});

describe('a client that reads slowly', () => {
  it('gets every answer whole and in order', async () => {
    const site = await serving();
    const to = await site.repeating();
    await to.ask(LARGE);
    site.grow();
    to.socket.pause();
    site.read.length = 0;
    for (const request of [LARGE, OTHER, LARGE, HIT]) {
      await to.write(request);
      await hasRead(site, to);
    }
    to.socket.resume();
    const urls: string[] = [];
    for (let i = 0; i < 4; i++) urls.push((await to.next()).body.slice(-10));
    expect(urls).toEqual(['/hit/large', '/hit/other', '/hit/large', 'hello /hit']);
    expect(site.read[0]).not.toBe('GET /hit/large');
  });

  it('is not given more than one answer ahead, and as much time as Node gives', async () => {
    const site = await serving();
    const to = await site.repeating();
    const idle = site.socket().timeout;
    await to.ask(LARGE);
    site.grow();
    site.read.length = 0;
    to.socket.pause();
    await to.write(LARGE);
    await vi.waitFor(() => expect(site.socket().timeout).toBe(site.server.timeout), { interval: 1 });
    expect(site.read).toEqual([]);
    await to.write(HIT);
    // this one is Node's, which sees to it that the client does not have too many
    await reads(site, 1);
    to.socket.resume();
    await to.next();
    await to.next();
    await vi.waitFor(() => expect(site.socket().timeout).toBe(idle), { interval: 1 });
  });
});

describe('the time that a client may take nothing of an answer', () => {
  const slow = async (): Promise<{ site: Site; to: KeptConnection; idle: number | undefined }> => {
    const site = await serving();
    const to = await site.repeating();
    const idle = site.socket().timeout;
    await to.ask(LARGE);
    site.grow();
    to.socket.pause();
    await to.write(LARGE);
    await vi.waitFor(() => expect(site.socket().timeout).toBe(site.server.timeout), { interval: 1 });
    return { site, to, idle };
  };

  it('is that of unused connections again once it has taken all', async () => {
    const { site, to, idle } = await slow();
    to.socket.resume();
    await to.next();
    await vi.waitFor(() => expect(site.socket().timeout).toBe(idle), { interval: 1 });
  });

  it('stays that of its next request, where that is under way', async () => {
    const { site, to } = await slow();
    await to.write(LATE);
    await vi.waitFor(() => expect(site.read).toContain('GET /late'), { interval: 1 });
    to.socket.resume();
    await to.next();
    expect(site.socket().timeout).toBe(site.server.timeout);
    site.release();
    expect((await to.next()).body).toBe('late');
  });
});

describe('nothing is repeated', () => {
  it('of the connections of another server', async () => {
    const site = await serving();
    const other = createServer((req, res) => site.server.emit('request', req, res));
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    toClose.push(() => other.close());
    const to = await KeptConnection.to(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    toClose.push(() => to.close());
    for (let i = 0; i < OFTEN; i++) await to.ask(HIT);
    expect(site.read).toHaveLength(OFTEN);
  });

  it('where somebody else reads the connection', async () => {
    const site = await serving();
    site.server.on('connection', (socket) => socket.on('data', () => undefined));
    await site.repeating();
    const to = await site.repeating();
    await to.ask(HIT);
    expect(site.read).toHaveLength(1);
  });

  it('once somebody else begins to', async () => {
    const site = await serving();
    const to = await site.repeating();
    let heard = '';
    site.socket().on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')));
    await to.ask(HIT);
    expect(heard).toBe(HIT);
    expect(site.read).toHaveLength(1);
  });

  it('while somebody holds the connection back', async () => {
    const site = await serving();
    const to = await site.repeating();
    site.socket().pause();
    await to.write(HIT);
    await hasRead(site, to);
    site.socket().resume();
    await to.next();
    expect(site.read).toHaveLength(1);
  });

  it('before what still waits in the connection', async () => {
    const site = await serving();
    const to = await site.repeating();
    site.socket().cork();
    site.socket().write('HTTP/1.1 103 Early Hints\r\n\r\n');
    await to.write(HIT);
    await reads(site, 1);
    site.socket().uncork();
    expect([(await to.next()).status, (await to.next()).status]).toEqual([103, 200]);
  });

  it('where a server allows so many requests on a connection', async () => {
    const site = await serving();
    site.server.maxRequestsPerSocket = 1000;
    const to = await site.repeating();
    await to.ask(HIT);
    expect(site.read).toHaveLength(1);
  });

  it('once a server keeps connections for another time', async () => {
    const site = await serving();
    const to = await site.repeating();
    site.server.keepAliveTimeout = 60_000;
    expect((await to.ask(HIT)).header('keep-alive')).toBe('timeout=60');
    await to.ask(HIT);
    expect(site.read).toHaveLength(2);
    expect((await to.ask(HIT)).header('keep-alive')).toBe('timeout=60');
    expect(site.read).toHaveLength(2);
    expect(site.socket().timeout).toBeGreaterThanOrEqual(60_000);
  });
});
