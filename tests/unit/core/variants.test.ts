import { describe, expect, it } from 'vitest';
import { Variants } from '../../../server/src/core/variants';

describe('Variants', () => {
  it('know whether there are others of the same key', () => {
    const variants = new Variants(3);
    expect(variants.hasOther('base', 'a')).toBe(false);
    variants.add('base', 'a');
    expect([variants.hasOther('base', 'a'), variants.hasOther('base', 'b')]).toEqual([false, true]);
    expect(variants.hasOther('another', 'b')).toBe(false);
  });

  it('name the one that was stored first when there are too many, each key by itself', () => {
    const variants = new Variants(2);
    expect(['a', 'b', 'a', 'c', 'd'].map((key) => variants.add('base', key))).toEqual([
      null,
      null,
      null,
      'a',
      'b',
    ]);
    expect(variants.add('another', 'x')).toBeNull();
  });

  it('remember a bounded number of keys', () => {
    const variants = new Variants(2);
    for (let i = 0; i <= 10_000; i++) variants.add(`base ${i}`, 'a');
    expect([variants.hasOther('base 0', 'b'), variants.hasOther('base 10000', 'b')]).toEqual([false, true]);
  });
});
