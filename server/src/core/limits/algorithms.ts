import type { Algorithm, Allowance, Verdict } from './limiter';

/** What one partition has used of an allowance. */
export interface Counter {
  /** @param charge whether a request that is allowed counts */
  verdict(allowance: Allowance, now: number, charge: boolean): Verdict;
  giveBack(allowance: Allowance, now: number): void;
}

/** Requests in the window `bucket` = floor(now / window). */
class FixedWindow implements Counter {
  private bucket = 0;
  private used = 0;

  /**
   * At most `quota` requests from one multiple of `window` to the next; same arithmetic as
   * `fixedWindowLimitScript` of `@upstash/ratelimit` 2.2 (src/lua-scripts/single.ts).
   */
  verdict({ quota, window }: Allowance, now: number, charge: boolean): Verdict {
    const bucket = Math.floor(now / window);
    if (this.bucket !== bucket) {
      this.bucket = bucket;
      this.used = 0;
    }
    const allowed = this.used < quota;
    if (allowed && charge) this.used++;
    const resetAt = (bucket + 1) * window;
    const remaining = Math.max(0, quota - this.used);
    return { allowed, quota, remaining, resetAt, retryAt: allowed ? 0 : resetAt, from: 'memory' };
  }

  giveBack({ window }: Allowance, now: number): void {
    if (this.bucket === Math.floor(now / window) && this.used > 0) this.used--;
  }
}

/** Requests in the window `bucket` = floor(now / window) and in the one before. */
class SlidingWindow implements Counter {
  private bucket = 0;
  private current = 0;
  private previous = 0;

  /**
   * The requests of this window plus those of the previous one, weighted by the part of it that a window ending
   * now still covers, stay within `quota`; same arithmetic as `slidingWindowLimitScript` of `@upstash/ratelimit`
   * 2.2 (src/lua-scripts/single.ts).
   */
  verdict({ quota, window }: Allowance, now: number, charge: boolean): Verdict {
    this.roll(Math.floor(now / window));
    const weighted = weigh(this.previous, now % window, window);
    const allowed = weighted + this.current < quota;
    if (allowed && charge) this.current++;
    return {
      allowed,
      quota,
      remaining: Math.max(0, quota - this.current - weighted),
      resetAt: (this.bucket + 1) * window,
      retryAt: allowed ? 0 : slidingRetryAt(this.current, this.previous, quota, window, now),
      from: 'memory',
    };
  }

  giveBack({ window }: Allowance, now: number): void {
    if (this.bucket === Math.floor(now / window) && this.current > 0) this.current--;
  }

  private roll(bucket: number): void {
    if (this.bucket === bucket) return;
    this.previous = this.bucket === bucket - 1 ? this.current : 0;
    this.current = 0;
    this.bucket = bucket;
  }
}

/**
 * The first millisecond at which a refused partition can pass, if nothing else is charged meanwhile. The end of
 * the window would be too late while the previous window fades, and too early right after it.
 * @param now epoch milliseconds inside of the window that `current` counts
 */
export function slidingRetryAt(
  current: number,
  previous: number,
  quota: number,
  window: number,
  now: number,
): number {
  const start = now - (now % window);
  if (current < quota) return start + fadedAt(previous, quota - current, window, now % window);
  return start + window + fadedAt(current, quota, window, 0);
}

/** Offset in a window, at or after `from`, where `weigh(previous, offset)` has sunk below `room`. */
function fadedAt(previous: number, room: number, window: number, from: number): number {
  const estimate = previous === 0 ? from : Math.floor(window * (1 - room / previous));
  let offset = Math.max(from, estimate);
  while (offset < window && weigh(previous, offset, window) >= room) offset++;
  return offset;
}

/** Requests of the previous window that count `offset` milliseconds into this one. */
const weigh = (previous: number, offset: number, window: number): number =>
  Math.floor((1 - offset / window) * previous);

/** Tokens at the last refill, minus those taken since. */
class TokenBucket implements Counter {
  /** Epoch milliseconds. A bucket that nobody has used is full: the first look at it starts its clock. */
  private refilledAt = -1;
  private tokens = 0;

  /**
   * A bucket of `quota` tokens gets `refill` tokens every `window`; a request takes one. Same arithmetic as
   * `tokenBucketLimitScript` of `@upstash/ratelimit` 2.2 (src/lua-scripts/single.ts).
   */
  verdict({ quota, window, refill }: Allowance, now: number, charge: boolean): Verdict {
    let { refilledAt, tokens } = this;
    if (refilledAt < 0) {
      refilledAt = now;
      tokens = quota;
    } else if (now >= refilledAt + window) {
      const refills = Math.floor((now - refilledAt) / window);
      tokens = Math.min(quota, tokens + refills * refill);
      refilledAt += refills * window;
    }
    const allowed = tokens >= 1;
    if (allowed && charge) {
      this.refilledAt = refilledAt;
      this.tokens = --tokens;
    }
    const resetAt = refilledAt + window;
    return { allowed, quota, remaining: tokens, resetAt, retryAt: allowed ? 0 : resetAt, from: 'memory' };
  }

  giveBack({ quota }: Allowance): void {
    if (this.refilledAt >= 0) this.tokens = Math.min(quota, this.tokens + 1);
  }
}

export const COUNTERS: Readonly<Record<Algorithm, new () => Counter>> = {
  'fixed-window': FixedWindow,
  'sliding-window': SlidingWindow,
  'token-bucket': TokenBucket,
};
