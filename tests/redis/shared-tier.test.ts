import { describe, expect, it } from 'vitest';
import type { Entry } from '../../server/src/core/entry';
import { entryOf } from '../support/entries';
import { Fleet } from '../support/fleet';
import type { TestProcess } from '../support/process';

const fleet = new Fleet();

const find = async (process: TestProcess, key: string) => process.store.get(key, process.time.now());

describe('entries in redis', () => {
  it('reach another instance byte for byte', async () => {
    const [a, b] = [fleet.start(), fleet.start()];
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
    const seq = (await a.store.begin()) ?? 0;
    const over = {
      label: '/größe/漢字 🙂',
      headers: ['x-a', 'ü', 'x-a', '2'],
      tags: ['#seq', '"1"', '17', 'null'],
    };
    const entry = entryOf({ key: 'k/../%2f?x=1&y', seq, body, now: a.time.now(), ...over });
    expect(a.store.put(entry)).toBe(true);
    await a.store.idle();
    const { checked: _a, ...wanted } = entry;
    const { checked: _b, ...found } = (await find(b, entry.key)) as Entry;
    expect(found).toEqual(wanted);
    expect(found.body.buffer.byteLength).toBe(body.byteLength);
  });

  it('all have an expiry, the tag log has none', async () => {
    const a = await fleet.warm();
    for (let i = 0; i < 20; i++) await a.read(`k${i}`);
    await a.purge('t');
    const keys = ((await fleet.redis.raw('KEYS', '*')) as Buffer[]).map(String).sort();
    expect(keys).toHaveLength(21);
    for (const key of keys) {
      const ttl = Number(await fleet.redis.raw('PTTL', key));
      if (key === 'test:gens') expect(ttl).toBe(-1);
      else expect(ttl).toBeGreaterThan(590_000);
    }
  });

  it('live as long as they may be served stale, on another instance too, and are fresh no longer for it', async () => {
    const [a, b] = [fleet.start(), fleet.start()];
    const now = a.time.now();
    const grace = { revalidate: 60_000, error: 3_600_000, limit: now + 4_200_000, hardTags: 1 };
    const seq = (await a.store.begin()) ?? 0;
    a.store.put(entryOf({ key: 'k', seq, now, grace }));
    await a.store.idle();
    expect(Number(await fleet.redis.raw('PTTL', 'test:e:k'))).toBeGreaterThan(4_100_000);
    await b.time.advance(610_000);
    expect(b.store.stale('k', b.time.now())).toBeNull();
    expect(await find(b, 'k')).toBe('expired');
    expect(b.store.stale('k', b.time.now())).toMatchObject({ key: 'k', grace });
  });

  it('of one prefix are nothing to another', async () => {
    const [a, b] = [fleet.start({ prefix: 'shop' }), fleet.start({ prefix: 'blog' })];
    await a.read('k', 'shop');
    expect(await find(b, 'k')).toBe('cold');
    await b.purge('t');
    await b.store.purge({ all: true });
    await a.sync();
    expect(await a.read('k')).toBe('shop');
  });

  it.each([
    [
      'another key',
      (frame: Buffer) => Buffer.from(frame.toString('latin1').replace('"key":"k"', '"key":"j"'), 'latin1'),
    ],
    [
      'another version',
      (frame: Buffer) => Buffer.concat([Buffer.from('UC\x09\x00', 'latin1'), frame.subarray(4)]),
    ],
    ['a cut frame', (frame: Buffer) => frame.subarray(0, -1)],
    ['text', () => Buffer.from('{"key":"k","body":"old"}')],
    ['nothing', () => Buffer.alloc(0)],
  ])('are misses when redis holds %s', async (_name, change) => {
    const [a, b] = [fleet.start(), fleet.start()];
    await a.read('k', 'old');
    const frame = (await fleet.redis.raw('GET', 'test:e:k')) as Buffer;
    await fleet.redis.raw('SET', 'test:e:k', change(frame));
    expect(await find(b, 'k')).toBe('cold');
    expect(b.events).toContainEqual({ type: 'frame-rejected' });
  });

  it('are deleted for everybody', async () => {
    const [a, b] = [fleet.start(), fleet.start()];
    await a.read('k', 'old');
    expect(await b.store.delete('k')).toBe(true);
    expect(await fleet.redis.raw('EXISTS', 'test:e:k')).toBe(0);
  });

  it('are fetched once for any number of callers', async () => {
    const [a, b] = [await fleet.warm(), await fleet.warm()];
    await a.read('k', 'old');
    const counts = await fleet.redis.billed(() =>
      Promise.all(Array.from({ length: 50 }, () => find(b, 'k'))),
    );
    expect(counts).toEqual({ get: 1 });
  });
});

describe('memory', () => {
  it('returns to its floor', async () => {
    const a = await fleet.warm({ maxBytes: 2_000_000 });
    const body = 'x'.repeat(20_000);
    for (let i = 0; i < 300; i++) await a.read(`k${i}`, body, [`tag${i}`]);
    expect(a.store.stats().bytes).toBeLessThanOrEqual(2_000_000);
    await a.store.purge({ all: true });
    expect(a.store.stats()).toMatchObject({ entries: 0, bytes: 0, tags: 0 });
    expect(a.store.health?.()).toMatchObject({ available: true, undelivered: 0 });
    expect(a.time.pendingTimers).toBe(0);
  });

  it('remembers a bounded number of tags', async () => {
    const a = await fleet.warm({ maxTags: 100 });
    for (let i = 0; i < 40; i++)
      await a.store.purge({ tags: Array.from({ length: 10 }, (_, j) => `t${i}-${j}`) });
    await a.sync();
    expect(a.store.stats().tags).toBeLessThanOrEqual(100);
  });

  it('does not collect writes that redis does not take', async () => {
    const a = await fleet.warm({ maxBytes: 2_000_000 });
    let open = () => {};
    const opened = new Promise<void>((resolve) => (open = resolve));
    a.driver.before = (command) => (command === 'SET' ? opened : undefined);
    const seq = (await a.store.begin()) ?? 0;
    const body = Buffer.alloc(200_000);
    for (let i = 0; i < 50; i++) a.store.put(entryOf({ key: `k${i}`, seq, body, now: a.time.now() }));
    expect(a.driver.sent.filter((it) => it === 'SET').length).toBeLessThanOrEqual(6);
    a.driver.before = null;
    open();
    await a.time.advance(1000);
  });
});
