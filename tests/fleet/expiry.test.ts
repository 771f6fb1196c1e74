import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tagPath, type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const TTL = 10_000;
const LOG = 'strapi:gens';

let site: FleetSite;
let fleet: Instance[];
let ids: string[];

beforeAll(async () => {
  site = await FleetSite.open({
    ttl: TTL / 1000,
    deadline: '5 s',
    rateLimit: { policies: [{ name: 'all', quota: 100_000, window: '2 s' }] },
  });
  fleet = await site.startAll(2);
  ids = (await fleet[0]?.tags()) ?? [];
});
afterAll(() => site.close());

const keys = async (): Promise<string[]> => ((await site.redis.raw('KEYS', '*')) as Buffer[]).map(String);

const usedMemory = async (): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(String(await site.redis.raw('INFO', 'memory')))?.[1]);

describe('what the cache keeps in Redis', () => {
  it('expires, all but the tag log', async () => {
    const floor = await usedMemory();
    const load = Array.from({ length: 300 }, (_, i) => `${tagPath(ids[i % ids.length] ?? '')}&variant=${i}`);
    for (let i = 0; i < load.length; i += 30)
      await Promise.all(load.slice(i, i + 30).map((url, j) => fleet[j % 2]?.get(url)));
    await fleet[0]?.rename(ids[0] ?? '', 'renamed');

    const held = await keys();
    expect(held.length).toBeGreaterThan(200);
    let longest = 0;
    for (const key of held) {
      const left = Number(await site.redis.raw('PTTL', key));
      if (key === LOG) continue;
      if (left === -2) continue; // gone between the two commands
      expect(left, key).toBeGreaterThan(0);
      longest = Math.max(longest, left);
    }
    // a rate limit outlives its window by another one and a second
    expect(longest).toBeLessThanOrEqual(TTL + 2000);

    const full = await usedMemory();
    await until('only the log is left', async () => String(await keys()) === LOG, TTL * 3);
    const rest = await usedMemory();
    expect(rest - floor).toBeLessThan((full - floor) / 4);
  });
});
