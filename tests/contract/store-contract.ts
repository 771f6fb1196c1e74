import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../server/src/core/entry';
import type { Lookup, Store } from '../../server/src/core/store';
import { entryOf } from '../support/entries';

export interface ContractHarness {
  /** An empty store with that many bytes of memory. */
  open(maxBytes: number): Promise<Store>;
  /** Waits for what the store does behind the back of its callers. */
  settle(store: Store): Promise<void>;
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

const NOW = Date.now();
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const isEntry = (found: Lookup): found is Entry => typeof found !== 'string';

/** What every store promises, whatever it keeps its entries in. */
export function storeContract(name: string, harness: ContractHarness): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;

    beforeAll(async () => harness.start?.());
    afterAll(async () => harness.stop?.());
    beforeEach(async () => {
      store = await harness.open(1_000_000);
    });
    afterEach(async () => store.close());

    const begin = async () => {
      const seq = await store.begin();
      if (seq === null) throw new Error('the store is not available');
      return seq;
    };
    const fill = async (key: string, over: Partial<Entry> = {}) => {
      const entry = entryOf({ key, seq: await begin(), now: NOW, ...over });
      const stored = store.put(entry);
      await harness.settle(store);
      return { entry, stored };
    };
    const get = async (key: string, now = NOW) => store.get(key, now);

    it('knows nothing at first', async () => {
      expect(await get('nothing')).toBe('cold');
      expect([...store.entries()]).toEqual([]);
      expect(store.stats()).toMatchObject({ entries: 0, bytes: 0, evictions: 0 });
    });

    it('gives back what was put, byte for byte', async () => {
      const { entry } = await fill('k', {
        label: '/api/größe?q=é 漢字 🙂',
        principal: 'u1',
        headers: ['content-encoding', 'br', 'x-a', 'b', 'x-a', 'c'],
        body: BYTES,
        tags: ['#seq', ':x', 'ö', '"quoted"', '17', 'null'],
      });
      const found = await get('k');
      expect(isEntry(found)).toBe(true);
      const { checked: _found, ...same } = found as Entry;
      const { checked: _put, ...wanted } = entry;
      expect(same).toEqual(wanted);
    });

    it('keeps an empty body and an entry without tags', async () => {
      await fill('k', { body: Buffer.alloc(0), tags: [], headers: [] });
      expect(await get('k')).toMatchObject({ tags: [], headers: [] });
    });

    it('answers from memory without a promise', async () => {
      await fill('k');
      expect(store.get('k', NOW)).not.toBeInstanceOf(Promise);
    });

    it('replaces an entry by a later one', async () => {
      await fill('k', { body: Buffer.from('one') });
      await fill('k', { body: Buffer.from('two') });
      expect(String(((await get('k')) as Entry).body)).toBe('two');
      expect(store.stats().entries).toBe(1);
    });

    it('does not hand out an entry whose time is over', async () => {
      await fill('k', { freshUntil: NOW + 1000 });
      expect(isEntry(await get('k', NOW + 999))).toBe(true);
      expect(await get('k', NOW + 1000)).toBe('expired');
    });

    it('makes entries with a purged tag invalid in the tick of the purge, and no others', async () => {
      const { entry } = await fill('a', { tags: ['x', 'y'] });
      const other = await fill('b', { tags: ['z'] });
      const purged = store.purge({ tags: ['y'] });
      expect(store.isValid(entry)).toBe(false);
      expect(store.isValid(other.entry)).toBe(true);
      expect(await get('a')).toBe('purged');
      await purged;
      expect(await get('a')).not.toMatchObject({ key: 'a' });
      expect(isEntry(await get('b'))).toBe(true);
    });

    it('purges by tags of any text', async () => {
      const odd = ['#seq', '#floor', ':', '', 'a b', 'ö', '17', '{"a":1}', '\ud83d\ude42'];
      for (const [index, tag] of odd.entries()) {
        await fill(`k${index}`, { tags: [tag, 'common'] });
        await store.purge({ tags: [tag] });
        expect(await get(`k${index}`), JSON.stringify(tag)).toBe('purged');
      }
      expect(isEntry((await fill('after')).stored ? await get('after') : 'cold')).toBe(true);
    });

    it('drops everything on a purge of all', async () => {
      const { entry } = await fill('a', { tags: [] });
      await fill('b');
      const purged = store.purge({ all: true });
      expect(store.isValid(entry)).toBe(false);
      await purged;
      expect(typeof (await get('a'))).toBe('string');
      expect(typeof (await get('b'))).toBe('string');
      expect((await fill('c')).stored).toBe(true);
    });

    it('refuses a fill that began before a purge of one of its tags', async () => {
      const seq = await begin();
      await store.purge({ tags: ['t'] });
      expect((await fill('k', { seq })).stored).toBe(false);
      expect(typeof (await get('k'))).toBe('string');
    });

    it('refuses a fill while the purge of one of its tags is under way', async () => {
      const seq = await begin();
      const purged = store.purge({ tags: ['t'] });
      expect(store.put(entryOf({ key: 'k', seq, now: NOW }))).toBe(false);
      await purged;
    });

    it('accepts a fill that began before a purge of other tags', async () => {
      const seq = await begin();
      await store.purge({ tags: ['other'] });
      expect((await fill('k', { seq })).stored).toBe(true);
      expect(isEntry(await get('k'))).toBe(true);
    });

    it('accepts a fill that began after the purge', async () => {
      await fill('k');
      await store.purge({ tags: ['t'] });
      expect((await fill('k')).stored).toBe(true);
      expect(isEntry(await get('k'))).toBe(true);
    });

    it('purges thousands of tags at once', async () => {
      await fill('k', { tags: ['t4999'] });
      await store.purge({ tags: Array.from({ length: 5000 }, (_, i) => `t${i}`) });
      expect(await get('k')).toBe('purged');
    });

    it('takes an empty purge for nothing', async () => {
      await fill('k');
      await store.purge({ tags: [] });
      await store.purge({});
      expect(isEntry(await get('k'))).toBe(true);
    });

    it('deletes one entry', async () => {
      await fill('a');
      await fill('b');
      expect(await store.delete('a')).toBe(true);
      expect(await store.delete('nothing')).toBe(false);
      expect(await get('a')).toBe('cold');
      expect(isEntry(await get('b'))).toBe(true);
    });

    it('lists its entries, most recently used first', async () => {
      for (const key of ['a', 'b', 'c']) await fill(key);
      await get('a');
      expect([...store.entries()].map((it) => it.key)).toEqual(['a', 'c', 'b']);
    });

    it('stays within its bytes and counts what it evicts', async () => {
      await store.close();
      store = await harness.open(50_000);
      for (let i = 0; i < 40; i++) await fill(`k${i}`, { body: Buffer.alloc(4000) });
      const { bytes, maxBytes, evictions, entries } = store.stats();
      expect(maxBytes).toBe(50_000);
      expect(bytes).toBeLessThanOrEqual(50_000);
      expect(evictions).toBe(40 - entries);
      expect([...store.entries()][0]?.key).toBe('k39');
    });

    it('returns to its floor', async () => {
      for (let i = 0; i < 50; i++) await fill(`k${i}`);
      await store.purge({ all: true });
      for (let i = 0; i < 50; i++) await store.delete(`k${i}`);
      expect(store.stats()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it('puts another form of an entry in its place, and counts it', async () => {
      const { entry } = await fill('k', { body: Buffer.alloc(100_000) });
      const before = store.stats().bytes;
      const form = { ...entry, encoded: undefined, body: Buffer.alloc(10_000) };
      expect(store.replace(entry, { ...entry, encoded: { br: form } })).toBe(true);
      expect(await get('k')).toMatchObject({ encoded: { br: form } });
      expect(store.stats().bytes - before).toBeGreaterThan(10_000);
      expect(store.stats().entries).toBe(1);
    });

    it('keeps an entry rather than another form of it that does not fit', async () => {
      const { entry } = await fill('k', { body: Buffer.alloc(600_000) });
      const form = { ...entry, body: Buffer.alloc(500_000) };
      expect(store.replace(entry, { ...entry, encoded: { br: form } })).toBe(false);
      expect(await get('k')).toBe(entry);
    });

    it('does not put a form of an entry in the place of a later one', async () => {
      const { entry } = await fill('k');
      await fill('k', { body: Buffer.from('later') });
      expect(store.replace(entry, { ...entry, encoded: { br: null } })).toBe(false);
      expect(await get('k')).toMatchObject({ body: Buffer.from('later') });
    });

    it('closes twice', async () => {
      await fill('k');
      await store.close();
      await store.close();
    });
  });
}
