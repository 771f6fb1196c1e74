import { Ratelimit } from '@upstash/ratelimit';
import { LRUCache } from 'lru-cache';
import { Flights } from '../core/flights';
import type { Allowance, Limiter, Verdict } from '../core/limits/limiter';
import type { Digest } from '../core/limits/partition';
import { slidingRetryAt } from '../core/limits/algorithms';
import type { LimiterRedis } from './command-redis';

type RatelimitRedis = ConstructorParameters<typeof Ratelimit>[0]['redis'];

/** A refusal is asked again after this time, so that a reset made elsewhere takes effect within a long window too. */
const RECHECK_MS = 300_000;

export interface UpstashLimiterOptions {
  /** An `@upstash/redis` client, or `commandRedis`. */
  readonly redis: LimiterRedis;
  readonly kind?: 'upstash' | 'redis';
  /** Begins every key. */
  readonly prefix: string;
  /** Keys hold the digest of a partition: no addresses at rest, and no text of a caller in a key. */
  readonly digest: Digest;
  /** Last answers remembered. */
  readonly maxPartitions?: number;
}

interface Answer {
  readonly verdict: Verdict;
  /** Epoch milliseconds. */
  readonly staleAt: number;
}

/**
 * Counts in a shared Redis through `@upstash/ratelimit`. May reject: put it into an `InsuredLimiter`.
 *
 * Of the package only the three window algorithms are used. Its own local cache, timeout, analytics and deny list
 * are off: they block a sliding window longer than its arithmetic does, answer "allowed, 0 of 0" when time is up,
 * and write keys that never expire.
 */
export class UpstashLimiter implements Limiter {
  readonly kind: 'upstash' | 'redis';
  private readonly ratelimits = new Map<string, Ratelimit>();
  private readonly last: LRUCache<string, Answer>;
  private readonly readings = new Flights<number>();

  constructor(private readonly options: UpstashLimiterOptions) {
    this.kind = options.kind ?? 'upstash';
    this.last = new LRUCache({ max: options.maxPartitions ?? 50_000 });
  }

  take(allowance: Allowance, partition: string, now: number): Verdict | Promise<Verdict> {
    const known = this.peek(allowance, partition, now);
    if (known !== null && !known.allowed) return known;
    return this.ask(allowance, partition, now);
  }

  peek(allowance: Allowance, partition: string, now: number): Verdict | null {
    const known = this.last.get(nameOf(allowance, partition));
    return known && known.staleAt > now && known.verdict.quota === allowance.quota ? known.verdict : null;
  }

  async giveBack(allowance: Allowance, partition: string, now: number, verdict: Verdict): Promise<void> {
    // a window that has ended has nothing to return to
    if (verdict.resetAt <= now) return;
    this.last.delete(nameOf(allowance, partition));
    await this.ratelimit(allowance).limit(this.options.digest(partition), { rate: -1 }).catch(ignore);
  }

  async reset(allowance: Allowance, partition: string, now: number): Promise<void> {
    this.last.delete(nameOf(allowance, partition));
    await this.options.redis.del(...this.keys(allowance, partition, now));
  }

  close(): void {
    this.last.clear();
  }

  private async ask(allowance: Allowance, partition: string, now: number): Promise<Verdict> {
    const answer = await this.ratelimit(allowance).limit(this.options.digest(partition));
    // nothing runs there with these options, but a rejection that nobody catches ends the process
    answer.pending.catch(ignore);
    const { success, remaining, reset } = answer;
    const retryAt = success ? 0 : await this.retryAt(allowance, partition, now, reset);
    const { quota } = allowance;
    const verdict: Verdict = { allowed: success, quota, remaining, resetAt: reset, retryAt, from: 'redis' };
    this.remember(allowance, partition, now, verdict);
    return verdict;
  }

  private remember(allowance: Allowance, partition: string, now: number, verdict: Verdict): void {
    // an answer that was overtaken on its way must not lift the refusal that came after it
    if (verdict.allowed && this.peek(allowance, partition, now)?.allowed === false) return;
    const staleAt = verdict.allowed ? verdict.resetAt : Math.min(verdict.retryAt, now + RECHECK_MS);
    this.last.set(nameOf(allowance, partition), { verdict, staleAt });
  }

  /** The script of the sliding window does not tell when it will let somebody pass: its two counters do. */
  private async retryAt(
    allowance: Allowance,
    partition: string,
    now: number,
    reset: number,
  ): Promise<number> {
    const { algorithm, quota, window } = allowance;
    if (algorithm !== 'sliding-window') return reset;
    const read = async (): Promise<number> => {
      const keys = this.keys(allowance, partition, reset - window);
      const [current = 0, previous = 0] = (await this.options.redis.mget(...keys)).map(Number);
      return slidingRetryAt(current, previous, quota, window, Math.max(now, reset - window));
    };
    const name = nameOf(allowance, partition);
    return (this.readings.of(name) ?? this.readings.lead(name, read)).catch(() => reset);
  }

  /** The exact keys: the package's own reset takes a pattern and scans the database for it. */
  private keys({ policy, algorithm, window }: Allowance, partition: string, now: number): string[] {
    const key = `${this.prefixOf(policy)}:${this.options.digest(partition)}`;
    if (algorithm === 'token-bucket') return [key];
    const bucket = Math.floor(now / window);
    return algorithm === 'fixed-window' ? [`${key}:${bucket}`] : [`${key}:${bucket}`, `${key}:${bucket - 1}`];
  }

  private prefixOf(policy: string): string {
    return `${this.options.prefix}:rl:${policy}`;
  }

  private ratelimit(allowance: Allowance): Ratelimit {
    const { policy, algorithm, quota, window, refill } = allowance;
    const name = `${policy} ${algorithm} ${quota} ${window} ${refill}`;
    let made = this.ratelimits.get(name);
    if (!made) {
      made = new Ratelimit({
        redis: this.options.redis as unknown as RatelimitRedis,
        limiter: algorithmOf(allowance),
        prefix: this.prefixOf(policy),
        ephemeralCache: false,
        timeout: 0,
        analytics: false,
        enableProtection: false,
        enableTelemetry: false,
      });
      this.ratelimits.set(name, made);
    }
    return made;
  }
}

function algorithmOf({ algorithm, quota, window, refill }: Allowance) {
  const span = `${window} ms` as const;
  if (algorithm === 'token-bucket') return Ratelimit.tokenBucket(refill, span, quota);
  return algorithm === 'fixed-window'
    ? Ratelimit.fixedWindow(quota, span)
    : Ratelimit.slidingWindow(quota, span);
}

const nameOf = ({ policy }: Allowance, partition: string): string => `${policy}\n${partition}`;

const ignore = (): void => undefined;
