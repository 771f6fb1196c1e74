import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tagPath, nameIn, type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const LOG = 'strapi:gens';
const LEASE = 1000;

let site: FleetSite;
let fleet: Instance[];
let id = '';
let writes = 0;

beforeAll(async () => {
  site = await FleetSite.open({ deadline: '5 s' });
  fleet = await site.startAll(3);
  [id = ''] = (await fleet[0]?.tags()) ?? [];
});
afterAll(() => site.close());

const path = (): string => tagPath(id);
const lease = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LEASE + 20));

const write = async (): Promise<string> => {
  const name = `write ${++writes}`;
  await fleet[0]?.rename(id, name);
  return name;
};

const warmAll = async (): Promise<void> => {
  for (const it of fleet) await until('cached', async () => (await it.get(path())).outcome === 'HIT');
};

const names = (): Promise<string[]> => Promise.all(fleet.map(async (it) => nameIn(await it.get(path()))));

beforeEach(warmAll);

describe('when Redis loses everything', () => {
  it('answers are misses once, and cached again', async () => {
    await site.redis.raw('FLUSHALL');
    await lease();
    for (const it of fleet) expect((await it.get(path())).status).toBe(200);
    await warmAll();
  });

  it('a write after it is seen by all', async () => {
    await site.redis.raw('FLUSHALL');
    const name = await write();
    await lease();
    expect(await names()).toEqual(Array(3).fill(name));
  });

  it('a write before it is seen by all', async () => {
    const name = await write();
    await site.redis.raw('FLUSHALL');
    await lease();
    expect(await names()).toEqual(Array(3).fill(name));
  });
});

describe('when Redis loses the tag log alone', () => {
  it('the entries that it still has are not served', async () => {
    const entries = await site.redis.raw('KEYS', 'strapi:e:*');
    expect(entries).not.toEqual([]);
    const name = await write();
    await site.redis.raw('DEL', LOG);
    await lease();
    expect(await names()).toEqual(Array(3).fill(name));
  });

  it('an instance that starts then does not believe them either', async () => {
    const before = await write();
    await warmAll();
    const [entry = ''] = (await keys('strapi:e:*')).slice(0, 1);
    expect(entry).not.toBe('');
    await write();
    await site.redis.raw('DEL', LOG);
    const late = await site.start();
    expect(nameIn(await late.get(path()))).not.toBe(before);
    await site.stop(late);
  });
});

describe('when Redis falls back to an old copy of the tag log', () => {
  it('what was purged since is a miss and never stale', async () => {
    const copy = (await site.redis.raw('DUMP', LOG)) as Buffer;
    const name = await write();
    await lease();
    await names(); // everybody has been told of the purge
    await site.redis.raw('DEL', LOG);
    await site.redis.raw('RESTORE', LOG, 0, copy, 'REPLACE');
    await lease();
    expect(await names()).toEqual(Array(3).fill(name));
    const second = await write();
    await lease();
    expect(await names()).toEqual(Array(3).fill(second));
  });

  it('and to old copies of the entries too', async () => {
    const saved: [string, Buffer][] = [];
    for (const key of await keys('strapi:*')) {
      const dump = await site.redis.raw('DUMP', key);
      if (Buffer.isBuffer(dump)) saved.push([key, dump]);
    }
    const name = await write();
    await lease();
    await names();
    await site.redis.raw('FLUSHALL');
    for (const [key, dump] of saved)
      await site.redis.raw('RESTORE', key, key === LOG ? 0 : 600_000, dump, 'REPLACE');
    await lease();
    expect(await names()).toEqual(Array(3).fill(name));
  });
});

const keys = async (pattern: string): Promise<string[]> =>
  ((await site.redis.raw('KEYS', pattern)) as Buffer[]).map(String);
