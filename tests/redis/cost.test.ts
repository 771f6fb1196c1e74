import { describe, expect, it } from 'vitest';
import { total } from '../support/bridge';
import { Fleet } from '../support/fleet';

const fleet = new Fleet();

describe('billed commands', () => {
  it('memory hit: none', async () => {
    const a = await fleet.warm();
    await a.read();
    const hits = async () => {
      for (let i = 0; i < 1000; i++) await a.read();
    };
    expect(await fleet.redis.billed(hits)).toEqual({});
  });

  it('shared hit: one', async () => {
    const [a, b] = [await fleet.warm(), await fleet.warm()];
    await a.read('k', 'old');
    expect(await fleet.redis.billed(() => b.read())).toEqual({ get: 1 });
  });

  it('shared hit of an entry older than what this instance was told: two', async () => {
    const a = await fleet.warm();
    await a.read('k', 'old');
    for (let i = 0; i < 5; i++) await a.purge(`y${i}`);
    const b = fleet.start({ logLimit: 2 });
    await b.store.begin();
    expect(await fleet.redis.billed(() => b.read())).toEqual({ get: 1, zmscore: 1 });
    expect(await b.read()).toBe('old');
  });

  it('miss and fill: two', async () => {
    const a = await fleet.warm();
    expect(await fleet.redis.billed(() => a.read())).toEqual({ get: 1, set: 1 });
  });

  it('boot and renewal of the lease: one', async () => {
    const a = await fleet.warm();
    const b = fleet.start();
    expect(await fleet.redis.billed(async () => b.store.begin())).toEqual({ zrevrangebyscore: 1 });
    await a.read();
    await a.leaseOver();
    expect(await fleet.redis.billed(() => Promise.all(Array.from({ length: 50 }, () => a.read())))).toEqual({
      zrevrangebyscore: 1,
    });
  });

  it('strict: one before every answer, shared by those that ask together', async () => {
    const a = await fleet.warm({ lease: 0 });
    await a.read();
    expect(await fleet.redis.billed(() => a.read())).toEqual({ zrevrangebyscore: 1 });
    const together = await fleet.redis.billed(() => Promise.all(Array.from({ length: 50 }, () => a.read())));
    expect(total(together)).toBeLessThanOrEqual(2);
  });

  it.each([1, 10, 1000])('purge of %i tags: four', async (count) => {
    const a = await fleet.warm();
    const tags = Array.from({ length: count }, (_, i) => `t${i}`);
    const counts = await fleet.redis.billed(() => a.store.purge({ tags }));
    expect(counts).toEqual({ evalsha: 1, time: 1, zscore: 1, zadd: 1 });
  });

  it('purge of everything: five', async () => {
    const a = await fleet.warm();
    expect(total(await fleet.redis.billed(() => a.store.purge({ all: true })))).toBe(5);
  });

  it('nothing while nobody asks', async () => {
    const a = await fleet.warm();
    expect(await fleet.redis.billed(() => a.time.advance(3_600_000))).toEqual({});
  });
});

describe('a purge', () => {
  it('takes as long with 200,000 entries as with 100', async () => {
    const a = await fleet.warm();
    const median: number[] = [];
    let held = 0;
    for (const entries of [100, 10_000, 200_000]) {
      // Filled by redis itself: 200,000 writes over HTTP would be a test of patience.
      const fill = "for i=ARGV[1],ARGV[2] do redis.call('SET','test:e:'..i,'x','PX',3600000) end";
      await fleet.redis.raw('EVAL', fill, 0, held + 1, entries);
      held = entries;
      const times: number[] = [];
      for (let i = 0; i < 60; i++) {
        await fleet.redis.raw('CONFIG', 'RESETSTAT');
        await a.purge(`t${i % 50}`);
        // The server's own time: a busy test machine does not count.
        const usec = /cmdstat_evalsha:calls=1,usec=(\d+)/.exec(
          String(await fleet.redis.raw('INFO', 'commandstats')),
        );
        times.push(Number(usec?.[1]));
      }
      median.push(times.sort((x, y) => x - y)[30] ?? NaN);
    }
    const [small = NaN, , large = NaN] = median;
    expect(large).toBeLessThan(small * 3 + 50);
  });

  it('is pruned from the log when every entry of its time is gone', async () => {
    const a = await fleet.warm({ maxTtl: 1000 });
    await fleet.redis.raw('DEL', 'test:gens');
    // A log from two days ago, as it stands after a quiet time.
    const then = (Date.now() - 172_800_000) * 1000;
    const rows: (string | number)[] = [];
    for (let i = 0; i < 200; i++) rows.push(then + i * 10, `:old${i}`);
    await fleet.redis.raw('ZADD', 'test:gens', then - 1, '#floor', then + 5000, '#seq', ...rows);
    const b = fleet.start({ maxTtl: 1000 });
    await b.read('k', 'old', ['quiet']);
    await b.time.advance(700_000);
    await b.purge('fresh');
    expect(Number(await fleet.redis.raw('ZCARD', 'test:gens'))).toBeLessThan(10);
    // The entry carries the marker of two days ago and was made after it: it holds still.
    await b.time.advance(-700_000);
    expect(await fleet.start().read('k', 'new', ['quiet'])).toBe('old');
    await a.close();
  });
});
