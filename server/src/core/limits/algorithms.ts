import type { Allowance, Verdict } from './limiter';

/** Requests of one partition in the window `bucket` = floor(now / window). */
export interface FixedWindow {
  bucket: number;
  used: number;
}

export const fixedWindow = {
  fresh: (): FixedWindow => ({ bucket: 0, used: 0 }),

  /**
   * At most `quota` requests from one multiple of `window` to the next; same arithmetic as
   * `fixedWindowLimitScript` of `@upstash/ratelimit` 2.2 (src/lua-scripts/single.ts).
   */
  verdict(state: FixedWindow, { quota, window }: Allowance, now: number, charge: boolean): Verdict {
    const bucket = Math.floor(now / window);
    if (state.bucket !== bucket) {
      state.bucket = bucket;
      state.used = 0;
    }
    const allowed = state.used < quota;
    if (allowed && charge) state.used++;
    const resetAt = (bucket + 1) * window;
    const remaining = Math.max(0, quota - state.used);
    return { allowed, quota, remaining, resetAt, retryAt: allowed ? 0 : resetAt, from: 'memory' };
  },

  giveBack(state: FixedWindow, { window }: Allowance, now: number): void {
    if (state.bucket === Math.floor(now / window) && state.used > 0) state.used--;
  },
};

/** Requests of one partition in the window `bucket` = floor(now / window) and in the one before. */
export interface SlidingWindow {
  bucket: number;
  current: number;
  previous: number;
}

export const slidingWindow = {
  fresh: (): SlidingWindow => ({ bucket: 0, current: 0, previous: 0 }),

  /**
   * The requests of this window plus those of the previous one, weighted by the part of it that a window ending
   * now still covers, stay within `quota`; same arithmetic as `slidingWindowLimitScript` of `@upstash/ratelimit`
   * 2.2 (src/lua-scripts/single.ts).
   */
  verdict(state: SlidingWindow, { quota, window }: Allowance, now: number, charge: boolean): Verdict {
    roll(state, Math.floor(now / window));
    const weighted = weigh(state.previous, now % window, window);
    const allowed = weighted + state.current < quota;
    if (allowed && charge) state.current++;
    return {
      allowed,
      quota,
      remaining: Math.max(0, quota - state.current - weighted),
      resetAt: (state.bucket + 1) * window,
      retryAt: allowed ? 0 : slidingRetryAt(state.current, state.previous, quota, window, now),
      from: 'memory',
    };
  },

  giveBack(state: SlidingWindow, { window }: Allowance, now: number): void {
    if (state.bucket === Math.floor(now / window) && state.current > 0) state.current--;
  },
};

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

function roll(state: SlidingWindow, bucket: number): void {
  if (state.bucket === bucket) return;
  state.previous = state.bucket === bucket - 1 ? state.current : 0;
  state.current = 0;
  state.bucket = bucket;
}

/** Tokens of one partition at its last refill, minus those taken since. `refilledAt` is epoch milliseconds. */
export interface TokenBucket {
  refilledAt: number;
  tokens: number;
}

export const tokenBucket = {
  /** A bucket that nobody has used is full: the first look at it starts its clock. */
  fresh: (): TokenBucket => ({ refilledAt: -1, tokens: 0 }),

  /**
   * A bucket of `quota` tokens gets `refill` tokens every `window`; a request takes one. Same arithmetic as
   * `tokenBucketLimitScript` of `@upstash/ratelimit` 2.2 (src/lua-scripts/single.ts).
   */
  verdict(state: TokenBucket, { quota, window, refill }: Allowance, now: number, charge: boolean): Verdict {
    let { refilledAt, tokens } = state;
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
      state.refilledAt = refilledAt;
      state.tokens = --tokens;
    }
    const resetAt = refilledAt + window;
    return { allowed, quota, remaining: tokens, resetAt, retryAt: allowed ? 0 : resetAt, from: 'memory' };
  },

  giveBack(state: TokenBucket, { quota }: Allowance): void {
    if (state.refilledAt >= 0) state.tokens = Math.min(quota, state.tokens + 1);
  },
};
