import { describe, expect, it } from 'vitest';
import { LimitLines } from '../../../server/src/core/limits/head-lines';
import { rateLimitFields, type HeaderSwitches, type Ruling } from '../../../server/src/core/limits/headers';
import type { Allowance, Verdict } from '../../../server/src/core/limits/limiter';

const NOW = 1_800_000_000_000;
const ALL = { rateLimit: true, xRateLimit: true, retryAfter: true };

const allowance = (policy: string): Allowance => ({
  policy,
  quota: 10,
  window: 60_000,
  algorithm: 'sliding-window',
  refill: 10,
});
const BURST = allowance('burst');

const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  ...{ allowed: true, quota: 10, remaining: 9, resetAt: NOW + 11_200, retryAt: 0, from: 'memory' },
  ...over,
});

const written = (rulings: readonly Ruling[], now: number, switches: HeaderSwitches): string => {
  const fields = rateLimitFields(rulings, null, switches, now);
  return fields.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
};

describe('the lines of limits on a hit say what the fields say', () => {
  const lines = new LimitLines(ALL);

  it.each<[string, Partial<Verdict>, number]>([
    ['at first', {}, 0],
    ['with fewer left', { remaining: 8 }, 0],
    ['within the same second', { remaining: 7 }, 150],
    ['a second later', { remaining: 6 }, 1000],
    ['in the next window', { resetAt: NOW + 71_200 }, 1000],
    ['with another quota', { quota: 5 }, 1000],
    ['after the reset', {}, 20_000],
    ['when nothing is left', { remaining: 0 }, 0],
    ['when nobody has counted', { from: 'open' }, 0],
    ['by the insurance', { from: 'insurance' }, 0],
  ])('%s', (_when, over, later) => {
    const rulings = [{ allowance: BURST, verdict: verdict(over) }];
    expect(lines.of(rulings, NOW + later)).toBe(written(rulings, NOW + later, ALL));
  });

  it('for one policy, several, or one that has not counted', () => {
    const one: Ruling = { allowance: BURST, verdict: verdict() };
    const other: Ruling = { allowance: allowance('daily'), verdict: verdict({ remaining: 3 }) };
    const silent: Ruling = { allowance: BURST, verdict: null };
    for (const rulings of [[one], [other], [one, other], [silent], []])
      expect(lines.of(rulings, NOW)).toBe(written(rulings, NOW, ALL));
  });

  it('with each kind of field switched off', () => {
    for (const name of ['rateLimit', 'xRateLimit'] as const) {
      const switches = { ...ALL, [name]: false };
      const rulings = [{ allowance: BURST, verdict: verdict() }];
      expect(new LimitLines(switches).of(rulings, NOW)).toBe(written(rulings, NOW, switches));
    }
  });
});
