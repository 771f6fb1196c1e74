import { describe, expect, it } from 'vitest';
import { rateLimitFields, type Ruling } from '../../../server/src/core/limits/headers';
import type { Verdict } from '../../../server/src/core/limits/limiter';

const NOW = 1_800_000_000_000;
const all = { rateLimit: true, xRateLimit: true, retryAfter: true };

function ruling(policy: string, quota: number, window: number, verdict: Partial<Verdict> | null): Ruling {
  return {
    allowance: { policy, quota, window, algorithm: 'sliding-window', refill: quota },
    verdict: verdict && {
      allowed: true,
      quota,
      remaining: 0,
      resetAt: NOW + 11_200,
      retryAt: 0,
      from: 'memory',
      ...verdict,
    },
  };
}

const fields = (...args: Parameters<typeof rateLimitFields>): Record<string, string> => {
  const flat = rateLimitFields(...args);
  expect(flat.length % 2).toBe(0);
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));
};

const burst = ruling('burst', 10, 1000, { remaining: 9, resetAt: NOW + 400 });
const daily = ruling('daily', 1000, 86_400_000, { remaining: 4 });

describe('rateLimitFields', () => {
  it('lists every policy for the standard fields and the tightest for the old ones', () => {
    expect(fields([burst, daily], null, all, NOW)).toEqual({
      'RateLimit-Policy': '"burst";q=10;w=1, "daily";q=1000;w=86400',
      RateLimit: '"burst";r=9;t=1, "daily";r=4;t=12',
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Remaining': '4',
      'X-RateLimit-Reset': String(NOW / 1000 + 12),
    });
  });

  it('tells a refused caller when to come back, by the policy that refuses longest', () => {
    const refused = ruling('burst', 10, 1000, { allowed: false, retryAt: NOW + 700 });
    const longer = ruling('daily', 1000, 86_400_000, { allowed: false, retryAt: NOW + 5001 });
    expect(fields([refused, longer], 6, all, NOW)).toMatchObject({
      'Retry-After': '6',
      RateLimit: '"burst";r=0;t=1, "daily";r=0;t=6',
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Reset': String(NOW / 1000 + 6),
    });
  });

  it('switches each kind off', () => {
    const off = { rateLimit: false, xRateLimit: false, retryAfter: false };
    expect(fields([burst], 3, off, NOW)).toEqual({});
    expect(fields([burst], 3, { ...off, retryAfter: true }, NOW)).toEqual({ 'Retry-After': '3' });
    expect(Object.keys(fields([burst], 3, { ...off, rateLimit: true }, NOW))).toEqual([
      'RateLimit-Policy',
      'RateLimit',
    ]);
  });

  it.each(['open', 'closed'] as const)('has no numbers when nobody counted (%s)', (from) => {
    const uncounted = ruling('burst', 10, 60_000, { from });
    expect(fields([uncounted], null, all, NOW)).toEqual({ 'RateLimit-Policy': '"burst";q=10;w=60' });
  });

  it('has no numbers for a policy that knows nothing', () => {
    expect(fields([ruling('burst', 10, 60_000, null)], null, all, NOW)).toEqual({
      'RateLimit-Policy': '"burst";q=10;w=60',
    });
  });

  it('has no window below a second, which the field cannot say', () => {
    expect(fields([ruling('burst', 10, 250, { remaining: 3 })], null, all, NOW)['RateLimit-Policy']).toBe(
      '"burst";q=10',
    );
  });

  it('is empty for a request without policies', () =>
    expect(rateLimitFields([], null, all, NOW)).toEqual([]));
});
