import { createHash } from 'node:crypto';
import type { History, PurgeAck, Standing, TagLog } from '../core/tag-log';
import type { Time } from '../core/time';
import { RemoteError, type Patience, type RemoteDriver, type Reply } from './driver';
import { PURGE, RESYNC } from './lua-scripts';

/** A new log starts this far ahead of the server's clock, above what a slow one may have handed out. Microseconds. */
const SLACK = 60_000_000;
const PRUNE_EVERY = 600_000;

export interface RedisTagLogOptions {
  readonly prefix: string;
  readonly time: Time;
  /** Milliseconds for which purges are remembered: longer than any entry lives. */
  readonly retention: number;
  /** Rows of the log that one answer may hold. */
  readonly limit?: number;
  /** Milliseconds that a new log starts ahead of the clock of the server. */
  readonly lead?: number;
}

/** The tag log in one sorted set of Redis. */
export class RedisTagLog implements TagLog {
  private readonly key: string;
  private readonly limit: number;
  private readonly slack: number;
  private readonly shas = new Map<string, string>();
  private prunedAt: number;

  constructor(
    private readonly driver: RemoteDriver,
    private readonly options: RedisTagLogOptions,
  ) {
    this.key = `${options.prefix}:gens`;
    this.limit = options.limit ?? 2000;
    this.slack = options.lead === undefined ? SLACK : options.lead * 1000;
    this.prunedAt = options.time.monotonic();
  }

  async range(from: number): Promise<History> {
    const least = from > 0 ? from : '-inf';
    const args = ['ZREVRANGEBYSCORE', this.key, '+inf', least, 'WITHSCORES', 'LIMIT', 0, this.limit];
    return this.history(list(await this.driver.command(args, 'lookup')));
  }

  async resync(from: number, witness: number): Promise<{ reseeded: boolean; history: History }> {
    const args = [this.slack, this.limit, from, witness, this.spread()];
    const [reseeded, ...rows] = list(await this.script(RESYNC, args, 'lookup'));
    return { reseeded: String(reseeded) === '1', history: this.history(rows) };
  }

  async purge(tags: readonly string[], all: boolean, witness: number): Promise<PurgeAck> {
    const { time, retention } = this.options;
    const prune = time.monotonic() - this.prunedAt > PRUNE_EVERY;
    if (prune) this.prunedAt = time.monotonic();
    const head = [all ? 'all' : 'tags', this.slack, prune ? retention * 1000 : 0, this.spread(), witness];
    try {
      const answer = list(await this.script(PURGE, [...head, ...tags.map(member)], 'purge')).map(marker);
      const [next = NaN, previous = NaN, floor = NaN] = answer;
      if (!(next > 0) || !(previous >= 0) || !(floor >= 0)) throw unreadable('EVALSHA');
      return { marker: next, previous, floor };
    } catch (error) {
      // A full database refuses the purge but not the loss of the whole log, which nobody mistakes for fresh.
      if (error instanceof RemoteError && error.failure === 'full')
        await this.driver.command(['UNLINK', this.key], 'purge');
      throw error;
    }
  }

  async standing(tags: readonly string[]): Promise<Standing> {
    const args = ['ZMSCORE', this.key, '#seq', '#floor', ...tags.map(member)];
    const scores = list(await this.driver.command(args, 'lookup')).map((it) =>
      it === null ? null : marker(it),
    );
    if (scores.length !== tags.length + 2) throw unreadable('ZMSCORE');
    const [seq = null, floor = null, ...purgedAt] = scores;
    // A log without its floor is not whole: nothing in it may vouch for an entry.
    return floor === null ? { seq: null, floor: 0, purgedAt } : { seq, floor, purgedAt };
  }

  private async script(
    source: string,
    args: readonly (string | number)[],
    patience: Patience,
  ): Promise<Reply> {
    const text = this.driver.scriptHead + source;
    let sha = this.shas.get(text);
    if (!sha) this.shas.set(text, (sha = createHash('sha1').update(text).digest('hex')));
    try {
      return await this.driver.command(['EVALSHA', sha, 1, this.key, ...args], patience);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.failure !== 'noscript') throw error;
      return this.driver.command(['EVAL', text, 1, this.key, ...args], patience);
    }
  }

  private history(flat: readonly Reply[]): History {
    if (flat.length % 2 !== 0) throw unreadable('ZREVRANGEBYSCORE');
    let seq: number | null = null;
    let floor = 0;
    let lowest = 0;
    const links = new Set<number>();
    const tags: [string, number][] = [];
    for (let i = 0; i < flat.length; i += 2) {
      const name = String(flat[i]);
      const score = (lowest = marker(flat[i + 1] ?? null));
      if (name === '#seq') seq = score;
      else if (name === '#floor') floor = score;
      else if (name.startsWith('#')) links.add(Number(name.slice(1)));
      else tags.push([name.slice(1), score]);
    }
    return { seq, floor, links, tags, cutAt: flat.length / 2 >= this.limit ? lowest : 0 };
  }

  /** Ten random bits: more would let the seq run ahead of the server's clock under a storm of purges. */
  private spread(): number {
    return Math.floor(this.options.time.random() * 1024);
  }
}

const member = (tag: string) => `:${tag}`;

function list(reply: Reply): readonly Reply[] {
  if (!Array.isArray(reply)) throw unreadable('answer');
  return reply as readonly Reply[];
}

function marker(reply: Reply): number {
  const value = Number(reply);
  if (!Number.isSafeInteger(value)) throw unreadable('marker');
  return value;
}

const unreadable = (what: string) => new RemoteError('protocol', `unreadable ${what} of the tag log`);
