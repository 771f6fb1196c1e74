import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../support/bridge';
import { tagPath, nameIn, type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const DEADLINE = 250;
const LEASE = 1000;
/** For so long a key goes uncached after an answer that could not be shared. */
const PASS = 12_000;
/** What a busy machine may add to any measured time. */
const JITTER = 150;

let site: FleetSite;
let a: Instance, b: Instance;
let ids: string[];
let writes = 0;

beforeAll(async () => {
  site = await FleetSite.open();
  [a, b] = (await site.startAll(2)) as [Instance, Instance];
  ids = await a.tags();
});
afterAll(() => site.close());
afterEach(async () => {
  site.redis.bridge.fault = null;
  await until(
    'both trust Redis again',
    async () => {
      const seen = await Promise.all([a, b].map((it) => it.get(tagPath(ids[0] ?? ''))));
      return seen.every((it) => it.outcome === 'HIT');
    },
    PASS + LEASE,
  );
});

const path = (): string => tagPath(ids[0] ?? '');
const warm = (it: Instance): Promise<void> =>
  until('cached', async () => (await it.get(path())).outcome === 'HIT');

/** The longest of some requests that nothing is cached for. */
async function longestUncached(from: Instance): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const seen = await from.get(`${path()}&fields[0]=${i % 2 ? 'name' : 'slug'}`, {
      'cache-control': 'no-store',
      authorization: 'Bearer development-only-full-access-token',
    });
    expect(seen.status).toBe(200);
    times.push(seen.took);
  }
  return Math.max(...times);
}

describe('a Redis that hangs', () => {
  it('costs a request no more than the deadline', async () => {
    const usual = await longestUncached(a);
    await warm(a);
    site.redis.bridge.fault = () => ({ kind: 'hang' });
    const end = performance.now() + LEASE * 2.5;
    while (performance.now() < end) {
      const { status, took } = await a.get(path());
      expect(status).toBe(200);
      expect(took).toBeLessThan(usual + DEADLINE + JITTER);
    }
    expect(a.log).toMatch(/remote-down/);
  });

  it('costs a hundred requests at once no more than that either', async () => {
    await warm(a);
    const load = async (): Promise<number> => {
      const seen = await Promise.all(
        Array.from({ length: 100 }, (_, i) => a.get(tagPath(ids[i % ids.length] ?? ''))),
      );
      for (const it of seen) expect(it.status).toBe(200);
      return Math.max(...seen.map((it) => it.took));
    };
    site.redis.bridge.fault = () => ({ kind: 'drop' });
    await until('nothing is cached', async () => (await a.get(path())).outcome !== 'HIT');
    const usual = await load();
    site.redis.bridge.fault = () => ({ kind: 'hang' });
    expect(await load()).toBeLessThan(usual * 1.5 + DEADLINE + JITTER);
  });

  it('holds a write no longer than the deadline', async () => {
    const usual = Math.max(await write(a), await write(a), await write(a));
    site.redis.bridge.fault = () => ({ kind: 'hang' });
    for (let i = 0; i < 5; i++) expect(await write(a)).toBeLessThan(usual + DEADLINE + JITTER);
  });

  it('has the purges of the meantime before anything of it is trusted', async () => {
    for (const it of [a, b]) await warm(it);
    site.redis.bridge.fault = () => ({ kind: 'hang' });
    await until('b has noticed', async () => (await b.get(path())).outcome !== 'HIT');
    await write(a);
    const name = nameIn(await a.get(path()));
    site.redis.bridge.fault = null;
    await until(
      'b trusts Redis again',
      async () => {
        const seen = await b.get(path());
        expect(nameIn(seen)).toBe(name);
        return seen.outcome === 'HIT';
      },
      PASS,
    );
  });
});

const failures: readonly [name: string, fault: () => Fault | null][] = [
  [
    'answers 500',
    () => ({ kind: 'answer', status: 500, body: '{"error":"ERR internal"}', type: 'application/json' }),
  ],
  ['answers with a page of HTML', () => ({ kind: 'answer', status: 200, body: '<html>Bad gateway</html>' })],
  [
    'answers 429',
    () => ({
      kind: 'answer',
      status: 429,
      body: '{"error":"ERR max daily request limit exceeded"}',
      type: 'application/json',
    }),
  ],
  ['drops connections', () => ({ kind: 'drop' })],
  ['drops every other connection', () => (Math.random() < 0.5 ? { kind: 'drop' } : null)],
  ['loses every other answer', () => (Math.random() < 0.5 ? { kind: 'lose' } : null)],
];

describe('a Redis that', () => {
  it.each(failures)('%s fails no request and loses no write', async (_name, fault) => {
    for (const it of [a, b]) await warm(it);
    site.redis.bridge.fault = fault;
    const end = performance.now() + LEASE * 1.5;
    while (performance.now() < end) {
      await write(a);
      const own = await a.get(path());
      expect(own.status).toBe(200);
      expect(nameIn(own)).toBe(`write ${writes}`);
      expect((await b.get(path())).status).toBe(200);
    }
    site.redis.bridge.fault = null;
    await until('b is told', async () => nameIn(await b.get(path())) === `write ${writes}`);
    for (let i = 0; i < 20; i++) expect(nameIn(await b.get(path()))).toBe(`write ${writes}`);
  });
});

describe('a redis-server process that is stopped', () => {
  it('and goes on later takes up where it was', async () => {
    for (const it of [a, b]) await warm(it);
    site.redis.server.pause();
    try {
      await write(a);
      expect((await b.get(path())).status).toBe(200);
    } finally {
      site.redis.server.resume();
    }
    await until('b is told', async () => nameIn(await b.get(path())) === `write ${writes}`);
  });
});

function write(by: Instance): Promise<number> {
  return by.rename(ids[0] ?? '', `write ${++writes}`);
}
