import { describe, expect, it } from 'vitest';
import { Fleet } from '../support/fleet';

const fleet = new Fleet();

/** All of redis as it is now, to be put back later. */
async function copy(): Promise<() => Promise<void>> {
  const keys = (await fleet.redis.raw('KEYS', '*')) as Buffer[];
  const values = await Promise.all(keys.map((key) => fleet.redis.raw('DUMP', key)));
  return async () => {
    await fleet.redis.raw('FLUSHALL');
    for (const [i, key] of keys.entries()) await fleet.redis.raw('RESTORE', key, 0, values[i] as Buffer);
  };
}

describe('FLUSHALL', () => {
  it('makes everything a miss, in memory too, and nothing stale', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await a.read('k', 'old');
    await b.read('k', 'old');
    await a.purge('t');
    await fleet.redis.raw('FLUSHALL');
    await b.leaseOver();
    expect(await b.read()).toBe('new');
    expect(b.events).toContainEqual({ type: 'log-reset' });
  });

  it('is followed by ordinary work', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await fleet.redis.raw('FLUSHALL');
    await a.sync();
    await b.sync();
    await a.read('k', 'old');
    expect(await b.read()).toBe('old');
    await b.purge('t');
    await a.leaseOver();
    expect(await a.read()).toBe('new');
  });

  it('costs one purge of everything, not one per process', async () => {
    const all = [await fleet.booted(), await fleet.booted(), await fleet.booted()];
    await fleet.redis.raw('FLUSHALL');
    for (const process of all) await process.sync();
    await all[0]?.read('k', 'kept');
    for (const process of all) await process.sync();
    for (const process of all) expect(await process.read()).toBe('kept');
  });
});

describe('an evicted tag log', () => {
  it.each(['a sync', 'a purge', 'a lookup of a new process'])(
    'that is noticed by %s means misses',
    async (by) => {
      const [a, b] = [await fleet.booted(), await fleet.booted()];
      await a.read('k', 'old');
      await b.read('k', 'old');
      await a.purge('t');
      await fleet.redis.raw('DEL', 'test:gens');
      if (by === 'a sync') await a.sync();
      if (by === 'a purge') await a.purge('unrelated');
      if (by !== 'a sync' && by !== 'a purge') expect(await (await fleet.booted()).read()).toBe('new');
      await b.leaseOver();
      expect(await b.read()).toBe('new');
    },
  );

  it('without its floor vouches for nothing', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    for (let i = 0; i < 5; i++) await a.purge(`y${i}`);
    await fleet.redis.raw('ZREM', 'test:gens', '#floor');
    const b = await fleet.booted({ logLimit: 2 });
    expect(await b.read()).toBe('new');
  });
});

describe('a rewound log', () => {
  it.each([0, 1, 20])('means misses, with %i purges after the fail-over', async (purges) => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    const restore = await copy();
    await a.purge('t');
    await a.sync();
    await restore();
    for (let i = 0; i < purges; i++) await b.purge('y');
    await a.sync();
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });

  it('is found out by an entry that carries a marker which the log does not know', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    const restore = await copy();
    await a.purge('t');
    await a.read('k', 'after', ['t']);
    const entry = (await fleet.redis.raw('GET', 'test:e:k')) as Buffer;
    await restore();
    await fleet.redis.raw('SET', 'test:e:k', entry);
    expect(await b.read('k', 'own')).toBe('own');
    await b.store.begin();
    expect(b.events).toContainEqual({ type: 'log-reset' });
  });

  it('of another age does not follow an entry with an incredible marker', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    const frame = (await fleet.redis.raw('GET', 'test:e:k')) as Buffer;
    const text = frame.toString('latin1').replace(/"seq":\d{16}/, '"seq":8999999999999999');
    await fleet.redis.raw('SET', 'test:e:k', Buffer.from(text, 'latin1'));
    const b = await fleet.booted();
    expect(await b.read()).toBe('new');
    expect(b.events).not.toContainEqual({ type: 'log-reset' });
  });
});

describe('a clock that jumps', () => {
  it('ends the lease, in either direction', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await a.read('k', 'old');
    await b.purge('t');
    const { now } = a.time;
    a.time.now = () => now.call(a.time) - 5000;
    expect(await a.read()).toBe('new');
  });
});
