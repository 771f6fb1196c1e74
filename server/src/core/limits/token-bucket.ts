import type { Allowance, Verdict } from './limiter';

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
