import type { Allowance } from '../../server/src/core/limits/limiter';

export interface Expected {
  readonly allowed: boolean;
  readonly remaining: number;
}

/**
 * The scripts of `@upstash/ratelimit` 2.2 (src/lua-scripts/single.ts), line by line over a plain object instead of
 * Redis: slow, without any knowledge of the limiters, and only for one partition.
 */
export function referenceCounter({ algorithm, quota, window, refill }: Allowance): (now: number) => Expected {
  const keys: Record<string, number | undefined> = {};
  if (algorithm === 'fixed-window') {
    return (now) => {
      const key = `${Math.floor(now / window)}`;
      const r = (keys[key] = (keys[key] ?? 0) + 1);
      return { allowed: r <= quota, remaining: Math.max(0, quota - r) };
    };
  }
  if (algorithm === 'sliding-window') {
    return (now) => {
      const currentWindow = Math.floor(now / window);
      const requestsInCurrentWindow = keys[`${currentWindow}`] ?? 0;
      const percentageInCurrent = (now % window) / window;
      const previous = Math.floor((1 - percentageInCurrent) * (keys[`${currentWindow - 1}`] ?? 0));
      if (previous + requestsInCurrentWindow >= quota) return { allowed: false, remaining: 0 };
      const newValue = (keys[`${currentWindow}`] = requestsInCurrentWindow + 1);
      return { allowed: true, remaining: Math.max(0, quota - (newValue + previous)) };
    };
  }
  return (now) => {
    let refilledAt = keys.refilledAt ?? now;
    let tokens = keys.tokens ?? quota;
    if (now >= refilledAt + window) {
      const numRefills = Math.floor((now - refilledAt) / window);
      tokens = Math.min(quota, tokens + numRefills * refill);
      refilledAt += numRefills * window;
    }
    if (tokens < 1) return { allowed: false, remaining: 0 };
    keys.tokens = tokens - 1;
    keys.refilledAt = refilledAt;
    return { allowed: true, remaining: tokens - 1 };
  };
}
