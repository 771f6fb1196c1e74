import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** All of it, one byte in each character. */
  readonly text: string;
  readonly body: string;
  /** The value of a field, undefined when it was not sent. */
  header(name: string): string | undefined;
}

/** A connection that stays open, for requests that are written byte by byte. */
export class KeptConnection {
  private got = '';
  private readonly more: Buffer[] = [];
  /** Bytes of the next answer, as far as they are known. */
  private wanted = 0;
  private wake = (): void => undefined;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.more.push(bytes);
      this.wake();
    });
    socket.on('close', () => this.wake());
    socket.on('error', () => undefined);
  }

  static async to(origin: string): Promise<KeptConnection> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    await once(socket, 'connect');
    return new KeptConnection(socket);
  }

  /** Writes bytes, one in each character, and returns the next answers, which must have a length. */
  async ask(sent: string): Promise<WireAnswer>;
  async ask(sent: string, answers: number): Promise<WireAnswer[]>;
  async ask(sent: string, answers = 1): Promise<WireAnswer | WireAnswer[]> {
    this.write(sent);
    const come: WireAnswer[] = [];
    while (come.length < answers) come.push(await this.next());
    return answers === 1 ? come[0]! : come;
  }

  /** Resolves when the bytes have left this process. */
  write(sent: string): Promise<void> {
    return new Promise((left) => this.socket.write(sent, 'latin1', () => left()));
  }

  /** @throws Error when the connection ends first */
  async next(): Promise<WireAnswer> {
    for (;;) {
      const answer = this.take();
      if (answer) return answer;
      if (this.socket.destroyed || this.socket.readableEnded)
        throw new Error(`ended after: ${this.got.slice(0, 1000)}`);
      await new Promise<void>((woken) => (this.wake = woken));
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private take(): WireAnswer | null {
    const come = this.more.reduce((sum, { byteLength }) => sum + byteLength, this.got.length);
    if (come < this.wanted) return null;
    this.got += Buffer.concat(this.more.splice(0)).toString('latin1');
    const end = this.got.indexOf('\r\n\r\n');
    if (end < 0) return null;
    const head = this.got.slice(0, end + 2);
    const header = (name: string): string | undefined =>
      new RegExp(`\\r\\n${name}: (.*)\\r\\n`, 'i').exec(head)?.[1];
    const length = end + 4 + Number(header('content-length') ?? 0);
    this.wanted = this.got.length < length ? length : 0;
    if (this.wanted > 0) return null;
    const text = this.got.slice(0, length);
    this.got = this.got.slice(length);
    return { status: Number(text.slice(9, 12)), text, body: text.slice(end + 4), header };
  }
}
