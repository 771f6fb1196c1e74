import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { tagPath, nameIn, type Instance, type Seen } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const LEASE = 1000;

const ways: readonly { name: string; cache: UpstashCacheConfig }[] = [
  { name: 'Upstash', cache: { store: 'upstash', deadline: '5 s' } },
  { name: 'Redis over TCP', cache: { store: 'redis', deadline: '5 s' } },
];

describe.each(ways)('three instances on $name', ({ cache }) => {
  let site: FleetSite;
  let a: Instance, b: Instance, c: Instance;
  let ids: string[];
  let turn = 0;

  beforeAll(async () => {
    site = await FleetSite.open(cache);
    [a, b, c] = (await site.startAll(3)) as [Instance, Instance, Instance];
    ids = await a.tags();
  });
  afterAll(() => site.close());

  /** A tag that no other test has changed. */
  const next = (): string => ids[++turn % ids.length] ?? '';

  it('share what one of them filled', async () => {
    const path = tagPath(next());
    expect((await a.get(path)).outcome).toBe('MISS');
    await until('the entry is in Redis', async () => (await b.get(path)).outcome === 'HIT');
    expect((await c.get(path)).outcome).toBe('HIT');
  });

  it('see their own write at once', async () => {
    const id = next();
    await a.get(tagPath(id));
    for (let i = 0; i < 20; i++) {
      await a.rename(id, `own ${i}`);
      expect(nameIn(await a.get(tagPath(id)))).toBe(`own ${i}`);
    }
  });

  it('see the write of another one no later than the lease', async () => {
    for (let round = 0; round < 5; round++) {
      const id = next();
      for (const it of [b, c]) await warm(it, tagPath(id));
      await a.rename(id, `round ${round}`);
      const answeredAt = performance.now();
      await Promise.all(
        [b, c].map(async (reader) => {
          let stale: Seen | null = null;
          await until('the write is seen', async () => {
            const seen = await reader.get(tagPath(id));
            if (nameIn(seen) === `round ${round}`) return true;
            stale = seen;
            return false;
          });
          // what the last stale answer was asked for at, not when it came
          const { sentAt } = (stale ?? { sentAt: answeredAt }) as Seen;
          expect(sentAt - answeredAt).toBeLessThanOrEqual(LEASE);
        }),
      );
    }
  });

  it('keep what a write did not touch', async () => {
    const [one, other] = [next(), next()];
    for (const it of [a, b]) await warm(it, tagPath(other));
    await a.rename(one, 'touched');
    await new Promise((resolve) => setTimeout(resolve, LEASE + 50)); // until everybody has been told
    for (const it of [a, b]) expect((await it.get(tagPath(other))).outcome).toBe('HIT');
  });

  it('answer alike after everything was restarted in turn', async () => {
    const path = tagPath(next());
    await warm(a, path);
    const before = await a.get(path);
    await site.stop(b);
    b = await site.start();
    await b.get('/api/homepage'); // the first request of a process also waits for its own compiler
    const after = await b.get(path);
    expect(after.outcome, after.detail).toBe('HIT');
    expect(after.body).toBe(before.body);
  });
});

describe.each(ways)('strict instances on $name', ({ cache }) => {
  let site: FleetSite;
  beforeAll(async () => {
    site = await FleetSite.open({ ...cache, lease: 0 });
  });
  afterAll(() => site.close());

  it('see every write at once, whoever made it', async () => {
    const fleet = await site.startAll(3);
    const [id = ''] = (await fleet[0]?.tags()) ?? [];
    for (const it of fleet) await warm(it, tagPath(id));
    for (let round = 0; round < 30; round++) {
      await fleet[round % 3]?.rename(id, `strict ${round}`);
      const names = await Promise.all(fleet.map(async (it) => nameIn(await it.get(tagPath(id)))));
      expect(names).toEqual(Array(3).fill(`strict ${round}`));
    }
  });
});

/** Reads until memory answers. */
const warm = (instance: Instance, path: string): Promise<void> =>
  until(`${path} is cached`, async () => (await instance.get(path)).outcome === 'HIT');
