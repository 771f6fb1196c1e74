import { describe, expect, it } from 'vitest';
import type { Entry } from '../../server/src/core/entry';
import { sortEntries, walkEntries } from '../../server/src/services/entry-walk';

/** Entries of which the sort is to look at the cost alone. */
const entries = (costs: readonly number[]): Entry[] =>
  costs.map((cost, i) => ({ key: `key-${i}`, cost }) as Entry);

const byCost = (a: Entry, b: Entry): number => a.cost - b.cost;

/** Numbers in no order, many of them equal. */
const mixed = (length: number): number[] => Array.from({ length }, (_, i) => (i * 7919) % 97);

describe('a sort part by part', () => {
  it.each([0, 1, 499, 500, 501, 1000, 2749])(
    'of %d entries is that of the whole, and stable',
    async (length) => {
      const list = entries(mixed(length));
      const before = [...list];
      const sorted = await sortEntries(list, byCost);
      expect(sorted.map(({ key }) => key)).toEqual([...list].sort(byCost).map(({ key }) => key));
      expect(list).toEqual(before);
    },
  );
});

describe('a walk through many entries', () => {
  it('sees each once, in their order, and lets others in', async () => {
    const list = entries(mixed(2000));
    const seen: Entry[] = [];
    let others = 0;
    const tick = (): void => {
      others++;
      if (seen.length < list.length) setImmediate(tick);
    };
    setImmediate(tick);
    await walkEntries(list, (part) => void seen.push(...part));
    expect(seen).toEqual(list);
    expect(others).toBeGreaterThanOrEqual(3);
  });
});
