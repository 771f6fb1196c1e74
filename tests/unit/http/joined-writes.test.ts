import { connect, createServer, type AddressInfo, type Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { JoinedWrites } from '../../../server/src/middlewares/joined-writes';
import { MadeHead } from '../../../server/src/middlewares/made-head';

const LINES = 'X-Text: café\r\n';
const HEAD = `${LINES}\r\n`;

const made = (): MadeHead => new MadeHead({}, LINES);
/** One that was sent often enough to be joined with its body. */
const often = (): MadeHead => Object.assign(made(), { sent: 32 });
const ignore = (): void => undefined;

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const it of open.splice(0))
    if ('destroy' in it) it.destroy();
    else it.close();
});

/** Both ends of a connection. */
async function connection(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  open.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const accepted = new Promise<Socket>((done) => server.once('connection', done));
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const near = await accepted;
  open.push(far, near);
  return { near, far };
}

/** Everything that arrives, once it is so many bytes. */
const read = (socket: Socket, bytes: number): Promise<string> =>
  new Promise((done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if ((length += chunk.byteLength) >= bytes) done(Buffer.concat(chunks).toString('latin1'));
    });
  });

/** A socket that notes what is written, and takes it when it is told to. */
function slowSocket() {
  const pieces: { text: string; place: ArrayBufferLike }[] = [];
  const inTwo: string[] = [];
  const taken: (() => void)[] = [];
  const socket = {
    _write: (piece: Buffer, _encoding: string, done: () => void) => {
      pieces.push({ text: piece.toString('latin1'), place: piece.buffer });
      taken.push(done);
    },
    _writev: (chunks: { chunk: string | Buffer }[], done: () => void) => {
      inTwo.push(chunks.map(({ chunk }) => chunk.toString('latin1')).join(''));
      taken.push(done);
    },
  };
  return { socket: socket as unknown as Socket, pieces, inTwo, taken };
}

/** The same, which takes everything at once. */
function takingSocket() {
  const slow = slowSocket();
  slow.taken.push = (done) => {
    done();
    return 0;
  };
  return slow;
}

describe('a head and its body', () => {
  it('arrive as they are, small or large, sent once or again', async () => {
    const { near, far } = await connection();
    const writes = new JoinedWrites();
    const bodies = ['', 'hello', 'x'.repeat(10_000), 'y'.repeat(40_000), 'z'.repeat(200_000)];
    const expected = bodies.map((body) => (HEAD + body).repeat(40)).join('');
    const arrived = read(far, expected.length);
    for (const body of bodies) {
      const head = made();
      for (let i = 0; i < 40; i++) writes.write(near, head, '', Buffer.from(body), ignore);
    }
    expect((await arrived) === expected).toBe(true);
  });

  it('arrive with the lines of each answer, however long these are', async () => {
    const { near, far } = await connection();
    const writes = new JoinedWrites();
    const head = often();
    const counts = [12, 11, 10, 9, 100, 1, 1, 10 ** 15, 8, 7].map((left) => `Left: ${left}\r\n`);
    const lines = [...counts, `Long: ${'l'.repeat(200)}\r\n`, '', ...counts];
    const expected = lines.map((more) => `${LINES}${more}\r\nhello`).join('');
    const arrived = read(far, expected.length);
    for (const more of lines) writes.write(near, head, more, Buffer.from('hello'), ignore);
    expect(await arrived).toBe(expected);
  });

  it('stay what they were for a client that reads slowly, whatever others are sent meanwhile', async () => {
    const [slow, other] = [await connection(), await connection()];
    const writes = new JoinedWrites();
    const [head, body] = [often(), Buffer.alloc(15_000, 'b')];
    const answer = (more: string): string => `${LINES}${more}\r\n${'b'.repeat(15_000)}`;
    let [sent, done] = [0, 0];
    while (sent === done) {
      writes.write(slow.near, head, 'To: slow\r\n', body, () => done++);
      sent++;
    }
    const others = read(other.far, 3 * answer('To: many\r\n').length);
    for (let i = 0; i < 3; i++) writes.write(other.near, head, 'To: many\r\n', body, ignore);
    expect((await others) === answer('To: many\r\n').repeat(3)).toBe(true);
    const all = await read(slow.far, sent * answer('To: slow\r\n').length);
    expect(all === answer('To: slow\r\n').repeat(sent)).toBe(true);
    expect(done).toBe(sent);
  });

  it('are joined when they are sent for the 33rd time, in one place for all answers', () => {
    const { socket, pieces, inTwo } = takingSocket();
    const writes = new JoinedWrites();
    const head = made();
    const lines = Array.from({ length: 40 }, (_, left) => `Left: ${left}\r\n`);
    for (const more of lines) writes.write(socket, head, more, Buffer.from('hello'), ignore);
    const texts = lines.map((more) => `${LINES}${more}\r\nhello`);
    expect(inTwo).toEqual(texts.slice(0, 32));
    expect(pieces.map(({ text }) => text)).toEqual(texts.slice(32));
    expect(new Set(pieces.map(({ place }) => place)).size).toBe(1);
  });

  it('are never joined where copying them would cost more', () => {
    const { socket, pieces, inTwo } = takingSocket();
    const [writes, head] = [new JoinedWrites(), often()];
    for (let i = 0; i < 3; i++) writes.write(socket, head, '', Buffer.alloc(40_000, 'x'), ignore);
    expect(pieces).toEqual([]);
    expect(inTwo).toEqual(Array(3).fill(HEAD + 'x'.repeat(40_000)));
  });

  it('are joined in 4 MB at most, for which others are given up when a second has passed', () => {
    const { socket } = takingSocket();
    let now = 0;
    const writes = new JoinedWrites(() => now);
    const body = Buffer.alloc(10_000);
    const heads = Array.from({ length: 1_000 }, often);
    const joined = (): number => heads.filter((head) => head.joined !== null).length;
    const sendAll = (): void => {
      for (const head of heads) writes.write(socket, head, '', body, ignore);
    };
    sendAll();
    sendAll();
    const many = joined();
    expect(many).toBeGreaterThan(100);
    expect(many * 10_000).toBeLessThanOrEqual(4 * 1024 * 1024);
    const [first, last] = [heads[0]!, heads.at(-1)!];
    expect([first.joined === null, last.joined === null]).toEqual([true, true]);
    now = 1_000;
    writes.write(socket, last, '', body, ignore);
    expect(last.joined).not.toBeNull();
    expect(joined()).toBe(1);
  });

  it('are two pieces once slow clients hold 200 others, until one of them is taken', () => {
    const { socket, pieces, inTwo, taken } = slowSocket();
    const writes = new JoinedWrites();
    const head = often();
    const write = (): void => writes.write(socket, head, '', Buffer.from('hello'), ignore);
    for (let i = 0; i < 203; i++) write();
    expect(new Set(pieces.map(({ place }) => place)).size).toBe(200);
    expect(inTwo).toEqual([HEAD + 'hello', HEAD + 'hello', HEAD + 'hello']);
    taken[0]!();
    write();
    expect(pieces.length).toBe(201);
  });

  it('tell of an error that the socket has with them', () => {
    const errors: unknown[] = [];
    const [writes, closed] = [new JoinedWrites(), new Socket()];
    for (const head of [made(), often()])
      writes.write(closed, head, '', Buffer.from('hello'), (error) => errors.push(error));
    expect(errors).toEqual(Array(2).fill(expect.objectContaining({ code: 'ERR_SOCKET_CLOSED' })));
  });
});
