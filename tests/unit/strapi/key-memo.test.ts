import { describe, expect, it } from 'vitest';
import { KeyMemo } from '../../../server/src/strapi/plan';

describe('the keys that a plan remembers', () => {
  it('are told apart by their principals', () => {
    const memo = new KeyMemo();
    expect(memo.get('public')).toBeUndefined();
    for (const name of ['public', 'token:a', 'token:b']) memo.add(name, `key of ${name}`);
    for (const name of ['public', 'token:a', 'token:b']) expect(memo.get(name)).toBe(`key of ${name}`);
    expect(memo.get('token:c')).toBeUndefined();
  });

  it('are those of eight principals at most', () => {
    const memo = new KeyMemo();
    const names = Array.from({ length: 20 }, (_, i) => `token:${i}`);
    for (const name of names) memo.add(name, name);
    expect(names.filter((name) => memo.get(name) === name)).toEqual(names.slice(0, 8));
  });
});
