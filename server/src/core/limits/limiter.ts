export type Algorithm = 'sliding-window' | 'fixed-window' | 'token-bucket';

/** What one partition of a policy may use. */
export interface Allowance {
  /** Name of the policy: partitions of two policies never share a counter. */
  readonly policy: string;
  readonly algorithm: Algorithm;
  /** Requests per window, or the size of a token bucket. A whole number of at least 1. */
  readonly quota: number;
  /** Milliseconds; of a token bucket the time between two refills. */
  readonly window: number;
  /** Tokens per refill. Only a token bucket reads it. */
  readonly refill: number;
}

/** What a limiter says about one request of one partition. */
export interface Verdict {
  readonly allowed: boolean;
  readonly quota: number;
  /** Requests that are left after this one; never negative. */
  readonly remaining: number;
  /** Epoch milliseconds: the end of the current window, or the next refill of a bucket. */
  readonly resetAt: number;
  /** Epoch milliseconds: of a refusal the first moment at which a request can pass, else 0. */
  readonly retryAt: number;
  /**
   * Who said it. `insurance`: the local limiter that stands in for Redis. `open`, `closed`: nobody counted, and
   * quota and remaining mean nothing.
   */
  readonly from: 'memory' | 'redis' | 'insurance' | 'open' | 'closed';
}

/**
 * Counts requests per partition of a policy. One request costs one unit: weights are settled above, because the
 * window scripts of `@upstash/ratelimit` consume on a refusal when they are asked for more than one.
 */
export interface Limiter {
  readonly kind: 'memory' | 'upstash' | 'redis';

  /** Charges one request, unless it is refused. Synchronous whenever this process alone can tell. */
  take(allowance: Allowance, partition: string, now: number): Verdict | Promise<Verdict>;

  /**
   * What this process knows without charging and without asking anybody: in memory the verdict that `take` would
   * give, over Redis the last answer while it still holds. Null when nothing is known.
   */
  peek(allowance: Allowance, partition: string, now: number): Verdict | null;

  /** Returns a charge that an allowed verdict stands for. Never fails: a lost return only makes the limit stricter. */
  giveBack(allowance: Allowance, partition: string, now: number, verdict: Verdict): void | Promise<void>;

  /** Forgets what one partition has used. */
  reset(allowance: Allowance, partition: string, now: number): void | Promise<void>;

  close(): void | Promise<void>;
}
