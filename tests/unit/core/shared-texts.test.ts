import { describe, expect, it } from 'vitest';
import { SharedTexts } from '../../../server/src/core/shared-texts';

/** Equal texts that V8 has put together one by one, so that they are not one to begin with. */
const made = (n: number): string => ['row', 'of', String(n)].join('|');

/** Bytes of the heap that a number of lists takes. */
function heapOf(lists: () => string[][]): number {
  const collect = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = collect();
  const held = lists();
  const used = collect() - before;
  expect(held.length).toBeGreaterThan(0);
  return used;
}

const lists = (count: number, each: (texts: string[]) => string[]): string[][] =>
  Array.from({ length: count }, () => each(Array.from({ length: 50 }, (_, n) => made(n))));

describe('texts that many entries have in common', () => {
  it('are the same texts in the same order', () => {
    expect(new SharedTexts().all(['b', 'a', 'b'])).toEqual(['b', 'a', 'b']);
  });

  it('take the memory of one', () => {
    const shared = new SharedTexts();
    const apart = heapOf(() => lists(2000, (texts) => texts));
    const common = heapOf(() => lists(2000, (texts) => shared.all(texts)));
    expect(common).toBeLessThan(apart / 2);
  });

  it('are forgotten when others came after them, so that memory stays bounded', () => {
    const shared = new SharedTexts(10);
    const used = heapOf(() => {
      for (let n = 0; n < 200_000; n++) shared.all([made(n)]);
      return [['held']];
    });
    expect(used).toBeLessThan(2_000_000);
    expect(shared.all(['still right'])).toEqual(['still right']);
  });
});
