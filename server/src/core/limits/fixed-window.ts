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
