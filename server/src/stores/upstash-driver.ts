import { Redis } from '@upstash/redis';
import { RemoteError, type Patience, type RemoteDriver, type Reply } from './driver';
import { UpstashLink, UpstashRequester, type UpstashAddress } from './upstash-requester';

/** Without it a script holds the lock of the whole database instead of its keys'. Other servers refuse the line. */
const LOCK_KEYS_ONLY = '#!lua flags=allow-key-locking\n';
const RESP2 = { 'upstash-response-format': 'resp2' };

export interface UpstashDriverOptions extends UpstashAddress {
  /** Milliseconds after which the HTTP request of a lookup is given up. */
  readonly deadline: number;
  /** The same for writes and purges. */
  readonly backgroundDeadline: number;
}

/** Left to itself the SDK parses every text that looks like JSON, tags included. */
class PlainRedis extends Redis {
  protected override opts = { automaticDeserialization: false };
}

/** Upstash Redis over its REST interface. */
export class UpstashDriver implements RemoteDriver {
  readonly kind = 'upstash';
  readonly scriptHead = LOCK_KEYS_ONLY;
  private readonly link: UpstashLink;
  private readonly clients: Readonly<Record<Patience, Redis>>;

  constructor(private readonly options: UpstashDriverOptions) {
    this.link = new UpstashLink(options);
    this.clients = {
      lookup: new PlainRedis(new UpstashRequester(this.link, options.deadline)),
      purge: new PlainRedis(new UpstashRequester(this.link, options.backgroundDeadline)),
    };
  }

  command(args: readonly (string | number)[], patience: Patience): Promise<Reply> {
    const [name, ...rest] = args;
    return this.clients[patience].exec<Reply>([String(name), ...rest]);
  }

  /** The SDK decodes every value as text, so bytes travel beside it: RESP out, the raw request body in. */
  async read(key: string): Promise<Buffer | null> {
    const request = { method: 'GET', path: ['get', key], headers: RESP2, command: 'GET' } as const;
    return bulk(await this.link.send(request, this.options.deadline));
  }

  async write(key: string, value: Buffer, ttl: number): Promise<void> {
    const request = {
      method: 'POST',
      path: ['set', key],
      query: `?PX=${ttl}`,
      body: value,
      command: 'SET',
    } as const;
    const answer = await this.link.send(request, this.options.backgroundDeadline);
    if (!answer.includes('"OK"')) throw new RemoteError('protocol', 'SET: an answer that is not from Redis');
  }

  close(): Promise<void> {
    return this.link.close();
  }
}

/** The value of a RESP bulk reply: `$3\r\nabc\r\n`, or `$-1\r\n` for none. */
function bulk(reply: Buffer): Buffer | null {
  const end = reply.indexOf('\r\n');
  const length = reply[0] === 0x24 && end > 0 ? Number(reply.toString('latin1', 1, end)) : NaN;
  if (length === -1) return null;
  if (!(length >= 0) || reply.length !== end + 4 + length)
    throw new RemoteError('protocol', 'GET: an answer that is not from Redis');
  return reply.subarray(end + 2, end + 2 + length);
}
