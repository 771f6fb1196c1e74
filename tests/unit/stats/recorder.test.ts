import { describe, expect, it } from 'vitest';
import { Recorder } from '../../../server/src/core/stats/recorder';
import { mergeSnapshots } from '../../../server/src/core/stats/snapshot';
import { summarise } from '../../../server/src/core/stats/summary';
import { entryOf } from '../../support/entries';

const NOW = Date.UTC(2027, 0, 15, 12, 30, 30);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIST = { template: '/api/articles', controller: 'api::article.article' };
const ONE = { template: '/api/articles/:id', controller: 'api::article.article' };

const entry = (key = 'k') => entryOf({ key, seq: 1, cost: 40, body: Buffer.alloc(1000) });

/** A recorder whose fine clock moves on by so many milliseconds at every reading. */
function recorder(step = 2): Recorder {
  let at = 0;
  return new Recorder(NOW - HOUR, () => (at += step));
}

function hits(it: Recorder, count: number, now = NOW, route = LIST): void {
  const served = entry();
  for (let i = 0; i < count; i++) it.hit(route, served, now, it.begin());
}

describe('Recorder', () => {
  it('gives the hit rate of now and of each period', () => {
    const it = recorder();
    it.miss(LIST, 'k', 'expired', NOW - 50 * HOUR);
    hits(it, 10, NOW - 5 * HOUR);
    hits(it, 6, NOW - 30 * MINUTE);
    hits(it, 3);
    it.miss(LIST, 'k', 'cold', NOW);
    const { rates } = summarise(it.read(NOW), '1h', NOW);
    expect(rates.now).toEqual({ requests: 4, hitRate: 0.75 });
    expect(rates['1h']).toEqual({ requests: 10, hitRate: 0.9 });
    expect(rates['24h']).toEqual({ requests: 20, hitRate: 0.95 });
    expect(rates['7d']).toEqual({ requests: 21, hitRate: 19 / 21 });
  });

  it('counts stale hits as hits, and refreshes by themselves', () => {
    const it = recorder();
    it.stale(LIST, entry(), NOW, it.begin());
    it.refreshed(LIST, NOW);
    const summary = summarise(it.read(NOW), '1h', NOW);
    expect(summary.totals).toMatchObject({ stale: 1, hits: 0, refreshes: 1 });
    expect(summary.rates.now).toEqual({ requests: 1, hitRate: 1 });
  });

  it('counts bypasses apart: they are no part of the hit rate', () => {
    const it = recorder();
    hits(it, 1);
    it.bypass(null, 'method', NOW);
    it.bypass(ONE, 'rule', NOW);
    const summary = summarise(it.read(NOW), '1h', NOW);
    expect(summary.rates.now.hitRate).toBe(1);
    expect(summary.totals.bypasses).toBe(2);
    expect(summary.reasons.bypass).toEqual({ method: 1, rule: 1 });
    expect(summary.routes.find((route) => route.template === ONE.template)).toMatchObject({ bypasses: 1 });
  });

  it('counts a stale answer as one from the cache, and by its own name', () => {
    const it = recorder();
    hits(it, 2);
    it.stale(LIST, entry(), NOW, it.begin());
    it.miss(LIST, 'k', 'expired', NOW);
    const { totals, rates, chart, routes, latency } = summarise(it.read(NOW), '1h', NOW);
    expect(totals).toMatchObject({ hits: 2, stale: 1, misses: 1, savedMs: 120 });
    expect(rates.now).toEqual({ requests: 4, hitRate: 0.75 });
    expect(chart.points.at(-1)).toMatchObject({ hits: 2, stale: 1, misses: 1 });
    expect(routes[0]).toMatchObject({ hits: 3, hitRate: 0.75 });
    expect(latency.hit.count).toBe(3);
  });

  it('adds up what hits have saved', () => {
    const it = recorder();
    it.stored(LIST, entry(), 3);
    hits(it, 5);
    const { totals } = summarise(it.read(NOW), '1h', NOW);
    expect(totals).toMatchObject({ savedMs: 200, savedReads: 15, bytes: 5000 });
  });

  it('tells a first request from an eviction and from a purge by hand', () => {
    const it = recorder();
    const causes = () => {
      const { cold, purged, evicted } = summarise(it.read(NOW), '1h', NOW).totals;
      return { cold, purged, evicted };
    };
    it.miss(LIST, 'a', 'cold', NOW);
    it.stored(LIST, entry('a'), 1);
    it.miss(LIST, 'a', 'cold', NOW);
    expect(causes()).toEqual({ cold: 1, purged: 0, evicted: 1 });
    it.stored(LIST, entry('a'), 1);
    it.dropped(['a']);
    it.miss(LIST, 'a', 'cold', NOW);
    it.stored(LIST, entry('b'), 1);
    it.dropped(null);
    it.miss(LIST, 'b', 'cold', NOW);
    expect(causes()).toEqual({ cold: 1, purged: 2, evicted: 1 });
  });

  it('measures hits and fills to within a quarter', () => {
    const it = recorder(2);
    hits(it, 99);
    const begun = it.begin();
    for (let i = 0; i < 400; i++) it.begin();
    it.filled(LIST, NOW, begun);
    const { hit, fill } = summarise(it.read(NOW), '24h', NOW).latency;
    expect(hit.count).toBe(99);
    expect(hit.p50).toBeGreaterThan(1.5);
    expect(hit.p50).toBeLessThan(2.5);
    expect(fill.p99).toBeGreaterThan(600);
    expect(fill.p99).toBeLessThan(1003);
  });

  it('draws a point for every minute of an hour and every hour of a day', () => {
    const it = recorder();
    hits(it, 2, NOW - 59 * MINUTE);
    hits(it, 4);
    const hour = summarise(it.read(NOW), '1h', NOW).chart.points;
    expect(hour).toHaveLength(60);
    expect([hour[0]?.hits, hour[1]?.hits, hour[59]?.hits]).toEqual([2, 0, 4]);
    expect(hour[59]?.at).toBe(NOW - 30_000);
    expect(summarise(it.read(NOW), '24h', NOW).chart.points).toHaveLength(24);
    const week = summarise(it.read(NOW), '7d', NOW).chart.points;
    expect(week.reduce((sum, point) => sum + point.hits, 0)).toBe(6);
  });

  it('groups routes by content type', () => {
    const it = recorder();
    hits(it, 2, NOW, LIST);
    hits(it, 3, NOW, ONE);
    const { types } = summarise(it.read(NOW), '1h', NOW);
    expect(types).toHaveLength(1);
    expect(types[0]).toMatchObject({ type: 'api::article.article', routes: 2, hits: 5 });
  });

  it('forgets what is older than a week, also where its slot was not needed again', () => {
    const it = recorder();
    hits(it, 5);
    const later = NOW + 8 * 24 * HOUR;
    expect(summarise(it.read(later), '7d', later).rates['7d'].requests).toBe(0);
  });

  it('stays below 2 MB however many routes and reasons there are', () => {
    const it = recorder();
    for (let i = 0; i < 1000; i++) {
      const route = { template: `/api/${i}`, controller: `api::t${i}.t${i}` };
      it.miss(route, `k${i}`, 'cold', NOW);
      it.refused(route, `header x-${i}`, NOW);
    }
    expect(it.bytes).toBeLessThan(2_000_000);
    const snapshot = it.read(NOW);
    expect(snapshot.routes.length).toBeLessThanOrEqual(129);
    expect(Object.keys(snapshot.reasons.refused).length).toBeLessThanOrEqual(33);
    expect(summarise(snapshot, '1h', NOW).totals.misses).toBe(1000);
    expect(snapshot.routes.reduce((sum, route) => sum + (route.minutes[0]?.counts[2] ?? 0), 0)).toBe(1000);
  });
});

describe('the memory of a recorder', () => {
  /** Bytes in use; what earlier tests have left takes more than one collection to go. */
  const collect = async (): Promise<number> => {
    for (let i = 0; i < 4; i++) {
      (globalThis as { gc?: () => void }).gc?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };

  it('stays below 2 MB with 10,000 routes, keys and reasons, a week of every hour, and every outcome', async () => {
    const routes = Array.from({ length: 10_000 }, (_, i) => ({
      template: `/api/kind-${i}/:id`,
      controller: `api::kind-${i}.kind-${i}`,
    }));
    const served = entry();
    const fill = (it: Recorder): Recorder => {
      for (let hour = 0; hour < 168; hour++) {
        const now = NOW + hour * HOUR;
        for (let i = hour; i < 10_000; i += 168) {
          const route = routes[i] ?? LIST;
          it.miss(route, `key ${i}`, 'cold', now);
          it.stored(route, { ...served, key: `key ${i}` }, 3);
          it.refused(route, `header x-${i}`, now);
          it.bypass(route, `reason ${i}`, now);
          it.hit(route, served, now, it.begin());
          it.asked(1, i % 100, now);
        }
      }
      return it;
    };
    fill(recorder());
    const empty = await collect();
    const eight = Array.from({ length: 8 }, () => fill(recorder()));
    const held = ((await collect()) - empty) / 8;
    expect(held).toBeGreaterThan(1_000_000);
    expect(held).toBeLessThan(2_000_000);
    for (const it of eight) {
      expect(it.bytes).toBeLessThan(held);
      expect(it.read(NOW + 168 * HOUR).routes.length).toBeLessThanOrEqual(129);
    }
  });
});

describe('mergeSnapshots', () => {
  it('adds up the numbers of instances', () => {
    const [a, b] = [recorder(), recorder()];
    hits(a, 2);
    hits(b, 3);
    hits(b, 1, NOW, ONE);
    a.stored(LIST, entry(), 2);
    b.stored(LIST, { ...entry(), cost: 80 }, 2);
    b.bypass(null, 'method', NOW);
    const merged = mergeSnapshots([a.read(NOW), b.read(NOW)]);
    const summary = summarise(merged, '1h', NOW);
    expect(summary.instances).toBe(2);
    expect(summary.totals).toMatchObject({ hits: 6, bypasses: 1 });
    const list = merged.routes.find((route) => route.template === LIST.template);
    expect(list?.fill).toEqual({ count: 2, ms: 60, reads: 2 });
    expect(summary.latency.hit.count).toBe(6);
  });

  it('leaves the numbers of a single instance as they are', () => {
    const it = recorder();
    hits(it, 2);
    it.miss(ONE, 'k', 'purged', NOW);
    expect(mergeSnapshots([it.read(NOW)])).toEqual(it.read(NOW));
  });

  it('survives being sent as JSON', () => {
    const it = recorder();
    hits(it, 2);
    expect(JSON.parse(JSON.stringify(it.read(NOW)))).toEqual(it.read(NOW));
  });
});
