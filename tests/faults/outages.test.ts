import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../support/bridge';
import { Fleet } from '../support/fleet';
import type { TestProcess } from '../support/process';

const fleet = new Fleet();
const find = (process: TestProcess, key = 'k') => process.store.get(key, process.time.now());
const always = (fault: Fault) => () => fault;
const HTML = '<html><body>502 Bad Gateway</body></html>';

describe.each<[string, Fault]>([
  ['drops connections', { kind: 'drop' }],
  ['answers 500', { kind: 'answer', status: 500, body: '{"error":"ERR internal"}' }],
  ['answers 502 with HTML', { kind: 'answer', status: 502, body: HTML }],
  ['answers 200 with HTML', { kind: 'answer', status: 200, body: HTML }],
  ['answers 200 with JSON that is not an answer', { kind: 'answer', status: 200, body: '"OK"' }],
  ['answers 200 with nothing', { kind: 'answer', status: 200, body: '' }],
  [
    'answers 401',
    { kind: 'answer', status: 401, body: '{"error":"WRONGPASS invalid or missing auth token"}' },
  ],
])('a redis that %s', (_name, fault) => {
  it('costs misses, and nothing fails', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    fleet.redis.bridge.fault = always(fault);
    await a.leaseOver();
    expect(await find(a)).toBe('unavailable');
    expect(await a.store.begin()).toBeNull();
    expect(await a.read('k', 'new')).toBe('new');
    expect(a.store.health?.()).toMatchObject({ available: false });
    expect(a.events.filter((it) => it.type === 'remote-down')).toHaveLength(1);
  });

  it('is asked again, and used when it is well', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    fleet.redis.bridge.fault = always(fault);
    await a.leaseOver();
    await find(a);
    fleet.redis.bridge.fault = null;
    await a.time.advance(2001);
    expect(await a.read()).toBe('old');
    expect(a.store.health?.()).toMatchObject({ available: true, undelivered: 0 });
    expect(a.events.at(-1)).toEqual({ type: 'remote-up' });
  });

  it('is not mistaken for one that has taken a purge', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await a.read('k', 'old');
    fleet.redis.bridge.fault = (command) => (/^EVAL/.test(command) ? fault : null);
    const purged = a.purge('t');
    await a.driver.settled();
    expect(a.store.health?.()).toMatchObject({ undelivered: 1 });
    expect(await a.read()).toBe('new');
    fleet.redis.bridge.fault = null;
    await a.elapse(10_000);
    await purged;
    await b.sync();
    expect(await b.read()).toBe('new');
  });
});

describe('a redis that hangs', () => {
  it('holds a request for its deadline and not longer', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    fleet.redis.bridge.fault = always({ kind: 'hang' });
    await a.leaseOver();
    let found: unknown = null;
    const asked = Promise.resolve(find(a)).then((it) => (found = it));
    await a.time.advance(249);
    expect(found).toBeNull();
    await a.time.advance(1);
    await asked;
    expect(found).toBe('unavailable');
  });

  it('does not hold the next requests at all', async () => {
    const a = await fleet.booted();
    fleet.redis.bridge.fault = always({ kind: 'hang' });
    await a.leaseOver();
    const first = find(a);
    await a.time.advance(250);
    await first;
    const before = fleet.redis.bridge.stats.http;
    for (let i = 0; i < 100; i++) expect(await find(a)).toBe('unavailable');
    expect(fleet.redis.bridge.stats.http).toBe(before);
  });

  it('is probed by a single command', async () => {
    const a = await fleet.booted();
    fleet.redis.bridge.fault = always({ kind: 'hang' });
    await a.leaseOver();
    const first = find(a);
    await a.time.advance(250);
    await first;
    await a.time.advance(50);
    const before = a.driver.sent.length;
    const asked = Array.from({ length: 20 }, () => find(a));
    await a.time.advance(250);
    expect(await Promise.all(asked)).toEqual(Array(20).fill('unavailable'));
    expect(a.driver.sent.length - before).toBe(1);
  });

  it('leaves what is in memory usable until the lease ends', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    fleet.redis.bridge.fault = always({ kind: 'hang' });
    await a.time.advance(900);
    expect(await a.read()).toBe('old');
    const late = find(a, 'other');
    await a.time.advance(250);
    expect(await late).toBe('unavailable');
  });

  it('in the middle of several commands costs one deadline in all', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    await a.leaseOver();
    fleet.redis.bridge.fault = (command) => (command === 'GET' ? { kind: 'hang' } : null);
    const asked = find(a, 'other');
    await a.driver.settledAt('GET');
    await a.time.advance(250);
    expect(await asked).toBe('unavailable');
  });

  it('even as a process that is stopped', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    await a.leaseOver();
    fleet.redis.server.pause();
    try {
      const asked = find(a);
      await a.time.advance(250);
      expect(await asked).toBe('unavailable');
    } finally {
      fleet.redis.server.resume();
    }
    await a.time.advance(2001);
    expect(await a.read()).toBe('old');
  });
});

describe('an answer that gets lost', () => {
  it('after the purge was made: it is made again, which harms nobody', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await a.read('k', 'old');
    await a.read('j', 'kept', ['other']);
    let left = 1;
    fleet.redis.bridge.fault = (command) => (/^EVAL/.test(command) && left-- > 0 ? { kind: 'lose' } : null);
    const purged = a.purge('t');
    await a.driver.settled();
    await a.time.advance(100);
    await purged;
    await b.sync();
    expect(await b.read()).toBe('new');
    expect(await b.read('j')).toBe('kept');
  });
});

describe('a full database', () => {
  afterEach(() => fleet.redis.raw('CONFIG', 'SET', 'maxmemory', 0));

  it('takes no entries, keeps answering, and says so', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    await fleet.redis.raw('CONFIG', 'SET', 'maxmemory', 1);
    expect(await a.read('j', 'mine')).toBe('mine');
    expect(a.events).toContainEqual({
      type: 'write-refused',
      reason: expect.stringContaining('SET refused: OOM'),
    });
    expect(await a.read()).toBe('old');
    expect(a.store.health?.()).toMatchObject({ available: true });
  });

  it('that refuses a purge leaves nobody with the old entry', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await a.read('k', 'old');
    await b.read('k', 'old');
    await fleet.redis.raw('CONFIG', 'SET', 'maxmemory', 1);
    const purged = a.purge('t');
    await a.driver.settled();
    expect(await a.read()).toBe('new');
    await b.leaseOver();
    expect(await b.read()).toBe('new');
    await fleet.redis.raw('CONFIG', 'SET', 'maxmemory', 0);
    await a.elapse(10_000);
    await purged;
    await b.elapse(5000);
    expect(await b.read()).toBe('new');
  });
});
