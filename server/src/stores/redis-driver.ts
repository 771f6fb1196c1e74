import { RemoteError, refusal, type RemoteDriver, type Reply } from './driver';

/** The part of an ioredis client that is used here. */
export interface TcpClient {
  connect(): Promise<void>;
  callBuffer(command: string, ...args: (string | number | Buffer)[]): Promise<unknown>;
  disconnect(reconnect?: boolean): void;
  on(event: 'error' | 'ready', listener: (error?: Error) => void): unknown;
}

type ClientClass = new (url: string, options: Record<string, unknown>) => TcpClient;

/** Deadlines in a row after which the connection itself is taken for dead. */
const STALLS = 3;

/** So that a command on a dead connection fails at once; the library would keep it for more than a minute. */
const FAIL_FAST = {
  // ioredis 6 speaks RESP3 unless told otherwise, in which scores come in pairs.
  protocol: 2,
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableAutoPipelining: false,
  connectTimeout: 5000,
  disconnectTimeout: 1000,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 2000),
};

/** Redis or Valkey over TCP. The client library is an optional peer dependency and loaded at the first use. */
export class RedisDriver implements RemoteDriver {
  readonly kind = 'redis';
  readonly scriptHead = '';
  private client: TcpClient | null = null;
  private readonly opened: Promise<TcpClient>;
  private stalls = 0;
  private closed = false;
  private lastError = '';

  /** @param load gives the class of the client library; rejects when it is not installed */
  constructor(
    private readonly url: string,
    private readonly load: () => Promise<ClientClass> = loadClient,
  ) {
    this.opened = this.open();
    this.opened.catch(() => {});
  }

  async command(args: readonly (string | number)[]): Promise<Reply> {
    const [name, ...rest] = args;
    return text(await this.call(String(name), rest));
  }

  async read(key: string): Promise<Buffer | null> {
    const value = await this.call('GET', [key]);
    if (value === null || Buffer.isBuffer(value)) return value;
    throw new RemoteError('protocol', 'GET: an unexpected answer');
  }

  async write(key: string, value: Buffer, ttl: number): Promise<void> {
    await this.call('SET', [key, value, 'PX', ttl]);
  }

  stalled(): void {
    if (++this.stalls < STALLS || this.closed) return;
    this.stalls = 0;
    this.client?.disconnect(true);
  }

  close(): Promise<void> {
    this.closed = true;
    this.client?.disconnect();
    return Promise.resolve();
  }

  private async call(name: string, args: readonly (string | number | Buffer)[]): Promise<unknown> {
    const client = await this.opened;
    try {
      const value = await client.callBuffer(name, ...args);
      this.stalls = 0;
      return value;
    } catch (error) {
      throw this.translate(error, name);
    }
  }

  private async open(): Promise<TcpClient> {
    const Client = await this.load();
    const client = new Client(this.url, FAIL_FAST);
    client.on('error', (error) => (this.lastError = error?.message ?? ''));
    client.on('ready', () => (this.lastError = ''));
    this.client = client;
    // The first commands wait for the first attempt to connect; from then on they fail while there is no connection.
    await client.connect().catch(() => {});
    if (this.closed) client.disconnect();
    return client;
  }

  private translate(error: unknown, name: string): RemoteError {
    if (error instanceof RemoteError) return error;
    const { name: kind, message = '' } = error as { name?: string; message?: string };
    // Before a login that is refused, commands fail for want of a connection: the reason stands in the last error.
    if (kind !== 'ReplyError' && !/^(WRONGPASS|NOAUTH)/.test(this.lastError)) {
      return new RemoteError('network', `${name}: no connection`);
    }
    return refusal(kind === 'ReplyError' ? message : this.lastError, name);
  }
}

async function loadClient(): Promise<ClientClass> {
  // Not written out, so that neither the compiler nor a bundler demands the package.
  const name = 'ioredis';
  try {
    const loaded = (await import(/* @vite-ignore */ name)) as {
      default?: ClientClass | { default: ClientClass };
      Redis?: ClientClass;
    };
    const found = loaded.Redis ?? loaded.default;
    if (typeof found === 'function') return found;
    if (found) return found.default;
  } catch {
    // Falls through to the message below.
  }
  throw new RemoteError('missing', 'a redis:// address needs the package "ioredis": npm install ioredis');
}

function text(value: unknown): Reply {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (Array.isArray(value)) return value.map(text);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
