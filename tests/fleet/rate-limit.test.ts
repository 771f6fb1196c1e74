import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { total } from '../support/bridge';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';

const QUOTA = 100;
const ALGORITHMS = ['sliding-window', 'fixed-window'] as const;

/** Each algorithm on a path of its own; patient, so that a busy machine is not an outage. */
const rateLimit: UpstashCacheConfig['rateLimit'] = {
  policies: ALGORITHMS.map((algorithm) => ({
    name: algorithm,
    algorithm,
    quota: QUOTA,
    window: ENDLESS_WINDOW,
    paths: [`/api/${algorithm}`],
  })),
  outage: { deadline: '20 s' },
};

let site: FleetSite;
let fleet: Instance[];

/** So many requests at once, in turn to every instance; how many of them passed. */
async function burst(path: string, count = 300): Promise<number[]> {
  const passed = fleet.map(() => 0);
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const { status } = (await fleet[i % fleet.length]?.get(path)) ?? { status: 0 };
      expect([404, 429]).toContain(status);
      if (status !== 429) passed[i % fleet.length]!++;
    }),
  );
  return passed;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, it) => all + it, 0);

describe('three instances on one Redis', () => {
  beforeAll(async () => {
    site = await FleetSite.open({ deadline: '20 s', rateLimit });
    fleet = await site.startAll(3);
  });
  afterAll(() => site.close());

  it.each(ALGORITHMS)('let exactly 100 of 300 requests at once pass (%s)', async (algorithm) => {
    expect(sum(await burst(`/api/${algorithm}`))).toBe(QUOTA);
  });

  it.each(ALGORITHMS)('refuse again and again without asking Redis (%s)', async (algorithm) => {
    await burst(`/api/${algorithm}`, 3);
    let passed: number[] = [];
    const billed = await site.redis.billed(async () => {
      passed = await burst(`/api/${algorithm}`, 600);
    });
    expect(sum(passed)).toBe(0);
    expect(total(billed)).toBe(0);
  });
});

describe('while Redis is slower than the cache waits, and faster than the limits do', () => {
  beforeAll(async () => {
    site = await FleetSite.open({
      deadline: '100 ms',
      rateLimit: { ...rateLimit, outage: { deadline: '20 s', share: 0.1 } },
    });
    fleet = await site.startAll(2);
  });
  afterAll(() => site.close());

  it('the instances still count together', async () => {
    site.redis.bridge.fault = () => ({ kind: 'delay', ms: 250 });
    expect(sum(await burst('/api/fixed-window', 150))).toBe(QUOTA);
  });
});

describe('while Redis is down', () => {
  beforeAll(async () => {
    site = await FleetSite.open({ rateLimit: { ...rateLimit, outage: { share: 0.25 } } });
    fleet = await site.startAll(3);
  });
  afterAll(() => site.close());
  afterEach(() => {
    site.redis.bridge.fault = null;
  });

  it.each(ALGORITHMS)('each instance lets its share pass (%s)', async (algorithm) => {
    site.redis.bridge.fault = () => ({ kind: 'drop' });
    expect(await burst(`/api/${algorithm}`)).toEqual([25, 25, 25]);
  });
});
