import type { Allowance, Limiter, Verdict } from '../core/limits/limiter';
import { within } from '../core/time';
import { afterAnswers } from '../stores/system-time';
import type { Digest } from '../core/limits/partition';
import { MemoryLimiter } from './memory';
import { UpstashLimiter } from './upstash';
import type { LimiterRedis } from './command-redis';

/** What happens to requests while the remote limiter does not answer. */
export type OutageMode = 'insured' | 'open' | 'closed';

export interface InsuranceOptions {
  readonly mode: OutageMode;
  /** Part of every quota that this process grants on its own, above 0 to 1: with n instances 1/n keeps the total. */
  readonly share: number;
  /** Milliseconds that a request waits for the remote limiter. */
  readonly deadline: number;
  readonly warn?: (message: string) => void;
}

/** After this many failures in a row the remote limiter is left alone for `PAUSE_MS`, then tried by one request. */
const FAILURES = 3;
const PAUSE_MS = 1000;

/**
 * Asks the remote limiter, and answers in its place when it fails or is late. Never rejects.
 */
export class InsuredLimiter implements Limiter {
  readonly kind;
  private failures = 0;
  private pausedUntil = 0;

  constructor(
    private readonly remote: Limiter,
    private readonly local: MemoryLimiter,
    private readonly options: InsuranceOptions,
  ) {
    this.kind = remote.kind;
  }

  take(allowance: Allowance, partition: string, now: number): Verdict | Promise<Verdict> {
    const known = this.remote.peek(allowance, partition, now);
    if (known !== null && !known.allowed) return known;
    if (this.pausedUntil > now) return this.standIn(allowance, partition, now);
    // the one request that tries; the others go on with the stand-in until it is back
    if (this.failures >= FAILURES) this.pausedUntil = now + PAUSE_MS;
    return this.ask(allowance, partition, now);
  }

  peek(allowance: Allowance, partition: string, now: number): Verdict | null {
    const known = this.remote.peek(allowance, partition, now);
    if (this.pausedUntil <= now || (known !== null && !known.allowed)) return known;
    return this.options.mode === 'insured' ? this.local.peek(this.shareOf(allowance), partition, now) : null;
  }

  async giveBack(allowance: Allowance, partition: string, now: number, verdict: Verdict): Promise<void> {
    if (verdict.from === 'insurance') this.local.giveBack(this.shareOf(allowance), partition, now);
    else if (verdict.from !== 'open') await this.remote.giveBack(allowance, partition, now, verdict);
  }

  /** @throws whatever the remote limiter throws: who resets a partition wants to know that it was not */
  async reset(allowance: Allowance, partition: string, now: number): Promise<void> {
    this.local.reset(this.shareOf(allowance), partition);
    await this.remote.reset(allowance, partition, now);
  }

  async close(): Promise<void> {
    this.local.close();
    await this.remote.close();
  }

  private async ask(allowance: Allowance, partition: string, now: number): Promise<Verdict> {
    try {
      const verdict = await withDeadline(this.remote.take(allowance, partition, now), this.options.deadline);
      if (this.failures >= FAILURES) this.options.warn?.('the rate limiter can reach Redis again');
      this.failures = 0;
      this.pausedUntil = 0;
      return verdict;
    } catch (error) {
      this.failed(error, now);
      return this.standIn(allowance, partition, now);
    }
  }

  private failed(error: unknown, now: number): void {
    if (++this.failures !== FAILURES) return;
    this.pausedUntil = now + PAUSE_MS;
    const { mode } = this.options;
    // only the kind of the error: messages of the Redis client repeat the whole command
    const kind = error instanceof Error ? error.name : typeof error;
    const meanwhile = {
      insured: 'this instance limits on its own',
      open: 'nothing is limited',
      closed: 'all are refused',
    };
    this.options.warn?.(`the rate limiter cannot reach Redis (${kind}); until it can, ${meanwhile[mode]}`);
  }

  private standIn(allowance: Allowance, partition: string, now: number): Verdict {
    const { mode } = this.options;
    if (mode === 'insured')
      return { ...this.local.take(this.shareOf(allowance), partition, now), from: 'insurance' };
    const allowed = mode === 'open';
    const soon = now + PAUSE_MS;
    return {
      allowed,
      quota: allowance.quota,
      remaining: 0,
      resetAt: soon,
      retryAt: allowed ? 0 : soon,
      from: allowed ? 'open' : 'closed',
    };
  }

  private shareOf(allowance: Allowance): Allowance {
    const part = (amount: number): number => Math.max(1, Math.floor(amount * this.options.share));
    return { ...allowance, quota: part(allowance.quota), refill: part(allowance.refill) };
  }
}

/** @throws DeadlineError when the time is up; what comes later, a failure included, is dropped */
const withDeadline = <T>(answer: T | Promise<T>, ms: number): Promise<T> =>
  within({ after: afterAnswers }, ms, Promise.resolve(answer), () => Promise.reject(new DeadlineError()));

class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface LimiterParts {
  readonly outage: Omit<InsuranceOptions, 'warn'>;
  readonly maxPartitions: number;
  /** Where instances count together; null for the embedded mode. */
  readonly shared: { readonly redis: LimiterRedis; readonly kind: 'upstash' | 'redis' } | null;
  /** Begins every key. */
  readonly prefix: string;
  readonly digest: Digest;
  readonly warn: (message: string) => void;
}

/** The limiter of an application: in memory, or in Redis with a local one behind it. Never rejects a request. */
export function createLimiter(parts: LimiterParts): Limiter {
  const { shared, maxPartitions, prefix, digest, warn } = parts;
  const local = new MemoryLimiter(maxPartitions);
  if (shared === null) return local;
  const remote = new UpstashLimiter({ ...shared, prefix, digest, maxPartitions });
  return new InsuredLimiter(remote, local, { ...parts.outage, warn });
}
