import { describe, expect, it } from 'vitest';
import { entryBytes } from '../../server/src/core/entry';
import { MemoryStore } from '../../server/src/stores/memory';
import { entryOf } from '../support/entries';

const MB = 1024 * 1024;

/** An entry as a request for one of endless URLs would make it, with a body of its own. */
const visit = (store: MemoryStore, n: number) =>
  entryOf({
    key: `key-${n}`.padEnd(43, '-'),
    label: `/api/articles?filters[slug]=${n}`,
    seq: store.begin(),
    headers: ['Content-Type', 'application/json; charset=utf-8', 'X-Powered-By', `Strapi ${n}`],
    body: Buffer.from(`{"data":${n}}`.padEnd(200, ' ')),
    tags: [`r|api::article.article|${n}`, `m|api::article.article|p|${n}`],
  });

describe('MemoryStore', () => {
  it('stays within its bytes, whatever URLs arrive', () => {
    const store = new MemoryStore({ maxBytes: 8 * MB });
    for (let n = 0; n < 100_000; n++) {
      store.put(visit(store, n));
      if (n % 1000 === 0) expect(store.stats().bytes).toBeLessThanOrEqual(8 * MB);
    }
    const { bytes, entries, evictions } = store.stats();
    expect(bytes).toBeLessThanOrEqual(8 * MB);
    expect(bytes).toBeGreaterThan(7 * MB);
    expect(entries + evictions).toBe(100_000);
  });

  it('holds in truth no more than it says', () => {
    const collect = (globalThis as { gc?: () => void }).gc;
    if (!collect) throw new Error('these tests run with --expose-gc');
    const used = (): number => {
      for (let i = 0; i < 4; i++) collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = used();
    const store = new MemoryStore({ maxBytes: 32 * MB });
    for (let n = 0; n < 100_000; n++) store.put(visit(store, n));
    const grown = used() - before;
    const { bytes } = store.stats();
    expect(bytes).toBeGreaterThan(30 * MB);
    expect(grown).toBeLessThan(bytes * 1.25);
    expect(store.get(visit(store, 99_999).key, 0)).toMatchObject({ status: 200 });
  });

  it('keeps an entry that is used while others leave', () => {
    const store = new MemoryStore({ maxBytes: MB });
    store.put(visit(store, 0));
    for (let n = 1; n < 5000; n++) {
      store.put(visit(store, n));
      store.get(visit(store, 0).key, 0);
    }
    expect(store.get(visit(store, 0).key, 0)).toMatchObject({ key: visit(store, 0).key });
    expect(store.get(visit(store, 1).key, 0)).toBe('cold');
  });

  it('does not hold an entry that is larger than all of it', () => {
    const store = new MemoryStore({ maxBytes: 70_000 });
    store.put({ ...visit(store, 1), body: Buffer.alloc(80_000) });
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('forgets a purged or expired entry when it is asked for', () => {
    const store = new MemoryStore({ maxBytes: MB });
    store.put({ ...visit(store, 1), freshUntil: 1000 });
    store.put(visit(store, 2));
    void store.purge({ tags: ['r|api::article.article|2'] });
    expect(store.get(visit(store, 1).key, 1000)).toBe('expired');
    expect(store.get(visit(store, 2).key, 0)).toBe('purged');
    expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    expect(store.get(visit(store, 1).key, 0)).toBe('cold');
  });

  it('bounds the tags it remembers', () => {
    const store = new MemoryStore({ maxBytes: MB, maxTags: 1000 });
    for (let n = 0; n < 10_000; n++) void store.purge({ tags: [`t${n}`] });
    expect(store.stats().tags).toBeLessThanOrEqual(1000);
  });

  it('counts key, label, headers, tags and body of an entry', () => {
    const store = new MemoryStore({ maxBytes: MB });
    const plain = visit(store, 1);
    const bytes = entryBytes(plain);
    for (const more of [
      { key: `${plain.key}0123456789` },
      { label: `${plain.label}0123456789` },
      { principal: `${plain.principal}0123456789` },
      { body: Buffer.alloc(plain.body.byteLength + 10) },
    ])
      expect(entryBytes({ ...plain, ...more })).toBe(bytes + 10);
    expect(entryBytes({ ...plain, headers: [...plain.headers, '0123456789'] })).toBeGreaterThan(bytes + 10);
    expect(entryBytes({ ...plain, tags: [...plain.tags, '0123456789'] })).toBeGreaterThan(bytes + 10);
  });
});
