import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../server/src/contracts';
import type { Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';

const FULL_ACCESS = { authorization: 'Bearer development-only-full-access-token' };

let site: FleetSite;
beforeAll(async () => {
  site = await FleetSite.open({ deadline: '5 s', api: { enabled: true } });
});
afterAll(() => site.close());

const statsOf = async (instance: Instance, whose = 'all'): Promise<Overview> => {
  const { body } = await instance.get(`/api/upstash-cache/stats?period=1h&instance=${whose}`, FULL_ACCESS);
  return (JSON.parse(body) as { data: Overview }).data;
};

describe('two instances', () => {
  it('know each other’s numbers, also when one has ended', async () => {
    const [one, other] = (await site.startAll(2)) as [Instance, Instance];
    const outcomes: string[] = [];
    for (const instance of [one, one, one, other, other])
      outcomes.push((await instance.get('/api/tags?sort=name')).outcome);
    const count = (outcome: string): number => outcomes.filter((it) => it === outcome).length;
    await site.stop(one);
    const all = await statsOf(other);
    expect(all.stats.totals).toMatchObject({ hits: count('HIT'), misses: count('MISS') });
    expect(all.instances.map(({ ended, here }) => ({ ended, here }))).toEqual([
      { ended: false, here: true },
      { ended: true, here: false },
    ]);
    const [here, there] = all.instances;
    expect((await statsOf(other, here?.id)).stats.rates['1h'].requests).toBe(2);
    expect((await statsOf(other, there?.id)).stats.rates['1h'].requests).toBe(3);
    expect(all.health).toMatchObject({ available: true, breaker: 'closed', undelivered: 0 });
    expect(all.stats.totals.commands).toBeGreaterThan(0);
  });
});
