import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Recorder } from '../../server/src/core/stats/recorder';
import { summarise, type StatsSummary } from '../../server/src/core/stats/summary';
import { FleetStats, mergeReports } from '../../server/src/services/fleet-stats';
import { createRemoteStore } from '../../server/src/stores/create-remote-store';
import { MeteredDriver } from '../../server/src/stores/metered-driver';
import { SharedStats } from '../../server/src/stores/shared-stats';
import { UpstashDriver } from '../../server/src/stores/upstash-driver';
import { entryOf } from '../support/entries';
import { total } from '../support/bridge';
import { Fleet } from '../support/fleet';

const fleet = new Fleet();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIST = { template: '/api/articles', controller: 'api::article.article' };
const served = entryOf({ key: 'k', seq: 1, cost: 40 });

/** An instance that counts: the parts of a running Strapi that statistics need. */
class Counting {
  now = Math.floor(Date.now() / HOUR) * HOUR + 1000;
  up = true;
  readonly driver: UpstashDriver;
  readonly recorder: Recorder;
  readonly stats: FleetStats;

  constructor(readonly id: string) {
    const patience = { deadline: 10_000, backgroundDeadline: 10_000 };
    this.driver = new UpstashDriver({ ...fleet.redis.credentials, ...patience });
    this.recorder = new Recorder(this.now, () => 0);
    this.stats = new FleetStats({
      id,
      name: `host ${id}`,
      shared: new SharedStats(this.driver, 'test'),
      isUp: () => this.up,
      read: (now) => ({ snapshot: this.recorder.read(now), policies: [], purges: [] }),
      volume: () => this.recorder.volume,
      now: () => this.now,
    });
  }

  hits(count: number): void {
    for (let i = 0; i < count; i++) this.recorder.hit(LIST, served, this.now, 0);
  }

  /** What its page shows. */
  async page(period: '1h' | '24h' | '7d' = '24h'): Promise<StatsSummary> {
    const { reports } = await this.stats.gather();
    return summarise(mergeReports(reports), period, this.now);
  }
}

let a: Counting, b: Counting;
beforeEach(() => {
  a = new Counting('a');
  b = new Counting('b');
});
afterEach(async () => {
  await Promise.all([a.driver.close(), b.driver.close()]);
});

describe('statistics of two instances', () => {
  it('are added up on the page of each', async () => {
    a.hits(3);
    b.hits(4);
    b.recorder.miss(LIST, 'k', 'cold', b.now);
    await a.stats.flush();
    await b.stats.flush();
    for (const it of [a, b]) {
      const page = await it.page();
      expect(page.instances).toBe(2);
      expect(page.totals).toMatchObject({ hits: 7, misses: 1, cold: 1, savedMs: 280 });
      expect(page.routes).toMatchObject([{ template: '/api/articles', hits: 7, misses: 1 }]);
      expect(page.latency.hit.count).toBe(7);
    }
  });

  it('can be had of each by itself', async () => {
    a.hits(3);
    b.hits(4);
    await b.stats.flush();
    const { reports, complete } = await a.stats.gather();
    expect(complete).toBe(true);
    const hits = reports.map(({ id, name, snapshot }) => [
      id,
      name,
      summarise(snapshot, '1h', a.now).totals.hits,
    ]);
    expect(hits).toEqual([
      ['a', 'host a', 3],
      ['b', 'host b', 4],
    ]);
  });

  it('keep the hours of an instance that has stopped, and say that it has', async () => {
    b.hits(4);
    await b.stats.stop();
    a.now += 5 * HOUR;
    expect((await a.page('24h')).totals.hits).toBe(4);
    expect((await a.page('1h')).totals.hits).toBe(0);
    const { reports } = await a.stats.gather();
    expect(reports.find(({ id }) => id === 'b')).toMatchObject({ ended: true });
  });

  it('hold every hour once, however often they were told', async () => {
    b.hits(1);
    await b.stats.flush();
    for (let hour = 0; hour < 5; hour++) {
      b.now += HOUR;
      b.hits(1);
      await b.stats.flush();
      b.hits(1);
      await b.stats.flush();
    }
    a.now = b.now;
    const page = await a.page('24h');
    expect(page.totals.hits).toBe(11);
    expect(page.chart.points.map((it) => it.hits).filter(Boolean)).toEqual([1, 2, 2, 2, 2, 2]);
  });
});

describe('what they cost', () => {
  it('is one command a minute, and four when an instance is new', async () => {
    a.hits(1);
    const first = await fleet.redis.billed(() => a.stats.flush());
    expect(first).toEqual({ set: 1, zadd: 1, pexpire: 1, zremrangebyrank: 1 });
    a.hits(1);
    a.now += 60_000;
    expect(await fleet.redis.billed(() => a.stats.flush())).toEqual({ set: 1 });
  });

  it('is nothing while nobody asks', async () => {
    expect(await fleet.redis.billed(() => a.stats.flush())).toEqual({});
    a.hits(1);
    await a.stats.flush();
    a.now += 60_000;
    expect(await fleet.redis.billed(() => a.stats.flush())).toEqual({});
  });

  it('is nothing more for a page that asks again within seconds', async () => {
    b.hits(1);
    await b.stats.flush();
    expect(total(await fleet.redis.billed(() => a.page()))).toBe(3);
    expect(await fleet.redis.billed(() => a.page())).toEqual({});
    a.now += 20_000;
    expect(total(await fleet.redis.billed(() => a.page()))).toBe(3);
  });

  it('leaves nothing behind: every key is the application’s and expires', async () => {
    a.hits(1);
    await a.stats.flush();
    a.now += HOUR;
    a.hits(1);
    await a.stats.flush();
    const keys = ((await fleet.redis.raw('KEYS', '*')) as Buffer[]).map(String).sort();
    expect(keys).toEqual(['test:stats', 'test:stats:a:closed', 'test:stats:a:running']);
    for (const key of keys) {
      const ttl = Number(await fleet.redis.raw('PTTL', key));
      expect(ttl).toBeGreaterThan(7 * DAY);
      expect(ttl).toBeLessThanOrEqual(8 * DAY);
    }
  });

  it('is bounded however many instances come and go', async () => {
    const shared = new SharedStats(a.driver, 'test');
    for (let i = 0; i < 60; i++) await shared.register(`i${i}`, a.now + i);
    const ids = await shared.ids(a.now);
    expect(ids).toHaveLength(32);
    expect(ids.at(-1)).toBe('i59');
  });
});

describe('when the store fails', () => {
  it('the page shows this instance, and says that the others are missing', async () => {
    a.hits(2);
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    expect((await a.stats.gather()).complete).toBe(false);
    expect((await a.page()).totals.hits).toBe(2);
  });

  it('what could not be told is told by the next flush', async () => {
    b.hits(2);
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    await b.stats.flush();
    fleet.redis.bridge.fault = null;
    b.hits(1);
    b.up = false;
    await b.stats.flush();
    expect((await a.page()).totals.hits).toBe(0);
    b.up = true;
    await b.stats.flush();
    a.now += 60_000;
    expect((await a.page()).totals.hits).toBe(3);
  });

  it('what is not statistics is passed over', async () => {
    const shared = new SharedStats(b.driver, 'test');
    await shared.register('b', b.now);
    for (const broken of ['', 'not packed', Buffer.from([1, 2, 3])]) {
      await fleet.redis.raw('SET', 'test:stats:b:running', broken);
      expect((await a.stats.gather()).reports).toHaveLength(1);
      a.now += 20_000;
    }
    await shared.save('b', 'running', { version: 999, snapshot: 'of another time' });
    expect((await a.stats.gather()).reports).toHaveLength(1);
  });
});

describe('the meter of the store', () => {
  it('counts a purge and a read as Upstash bills them, and times them', async () => {
    let now = 0;
    const asked: [number, number | null][] = [];
    const inner = new UpstashDriver({
      ...fleet.redis.credentials,
      deadline: 10_000,
      backgroundDeadline: 10_000,
    });
    const driver = new MeteredDriver(
      inner,
      () => (now += 5),
      (...it) => asked.push(it),
    );
    const counted = () => asked.splice(0).reduce((sum, [billed]) => sum + billed, 0);
    const store = createRemoteStore({ driver }, { prefix: 'test', maxBytes: 1_000_000 });
    await store.begin();
    await store.purge({ tags: ['warm'] });
    asked.splice(0);
    const purged = await fleet.redis.billed(() => store.purge({ tags: ['t'] }));
    expect(counted()).toBe(total(purged));
    const read = await fleet.redis.billed(() => driver.read('test:nothing'));
    expect(asked).toEqual([[1, 5]]);
    expect(counted()).toBe(total(read));
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    await expect(driver.read('test:nothing')).rejects.toThrow();
    expect(asked).toEqual([[1, null]]);
    await store.close();
  });
});
