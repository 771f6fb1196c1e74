import { describe, expect, it } from 'vitest';
import { shrink } from '../../differential/shrink';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Fails when all of these are among the items; counts how often it was asked. */
const needing = (...needed: number[]) => {
  const asked: number[][] = [];
  const fails = (items: readonly number[]): Promise<boolean> => {
    asked.push([...items]);
    return Promise.resolve(needed.every((it) => items.includes(it)));
  };
  return { asked, fails };
};

describe('a history that fails is told without what it does not need', () => {
  it.each([[[417]], [[0, 999]], [[3, 500, 501]], [[]]])('such as %j of a thousand', async (needed) => {
    const { fails } = needing(...needed);
    expect(await shrink(upTo(1000), fails)).toEqual(needed);
  });

  it('by leaving out halves first', async () => {
    const { asked, fails } = needing(999);
    await shrink(upTo(1000), fails);
    expect(asked.length).toBeLessThan(25);
  });

  it('as short as it is when time runs out', async () => {
    const { asked, fails } = needing(10, 900);
    const found = await shrink(upTo(1000), fails, () => asked.length < 6);
    expect(asked).toHaveLength(6);
    expect(found).toEqual(expect.arrayContaining([10, 900]));
    expect(found.length).toBeLessThan(1000);
  });
});
