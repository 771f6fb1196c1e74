import qs from 'qs';
import { describe, expect, it } from 'vitest';
import { canonicalQuery } from '../../../server/src/core/canonical-query';
import { FakeTime } from '../../support/fake-clock';

const text = (query: object): string => canonicalQuery(query, () => false);
/** As Strapi parses queries (`@strapi/core`, middlewares/query). */
const parse = (query: string): object =>
  qs.parse(query, { strictNullHandling: true, arrayLimit: 100, depth: 20 });

describe('canonicalQuery', () => {
  it('is empty for no parameters', () => {
    expect(text({})).toBe('');
    expect(canonicalQuery({ utm_source: 'a' }, (name) => name.startsWith('utm_'))).toBe('');
  });

  it.each([
    ['names', 'b=2&a=1', 'a=1&b=2'],
    ['nested names', 'filters[b]=2&filters[a]=1', 'filters[a]=1&filters[b]=2'],
    ['deeply nested names', 'f[x][b]=2&f[x][a]=1', 'f[x][a]=1&f[x][b]=2'],
    ['names inside of lists', 'f[0][b]=2&f[0][a]=1', 'f[0][a]=1&f[0][b]=2'],
  ])('does not depend on the order of %s', (_what, one, other) => {
    expect(text(parse(one))).toBe(text(parse(other)));
  });

  it.each([
    ['the items of a list', 'a[0]=1&a[1]=2', 'a[0]=2&a[1]=1'],
    ['the names under sort', 'sort[title]=asc&sort[date]=desc', 'sort[date]=desc&sort[title]=asc'],
    ['the names under orderBy', 'orderBy[a]=asc&orderBy[b]=asc', 'orderBy[b]=asc&orderBy[a]=asc'],
    ['the names under a nested sort', 'p[x][sort][a]=1&p[x][sort][b]=1', 'p[x][sort][b]=1&p[x][sort][a]=1'],
    ['the names under populate', 'populate[a]=true&populate[b]=true', 'populate[b]=true&populate[a]=true'],
    ['the names below a sort', 'sort[x][a]=1&sort[x][b]=1', 'sort[x][b]=1&sort[x][a]=1'],
  ])('keeps the order of %s', (_what, one, other) => {
    expect(text(parse(one))).not.toBe(text(parse(other)));
  });

  it('tells values apart that look alike', () => {
    const values: unknown[] = [
      undefined,
      null,
      '',
      'null',
      'undefined',
      '[]',
      '{}',
      [],
      {},
      [null],
      [[]],
      [''],
      ['', ''],
      ['a,b'],
      ['a', 'b'],
      'a,b',
      '["a","b"]',
      { 0: 'a', 1: 'b' },
      '1',
      1,
      true,
      'true',
      { a: { b: 'c' } },
      { a: '{"b":"c"}' },
      { 'a":{"b': 'c' },
      'ü',
      'u\u0308',
      '\ud83d',
      '\ud83d\ude42',
      '\u0000',
    ];
    const texts = values.map((value) => text({ key: value }));
    expect(new Set(texts).size).toBe(values.length);
  });

  it('takes a name of __proto__ for a name', () => {
    const query = JSON.parse('{"__proto__":{"a":"1"},"b":"2"}') as object;
    expect(text(query)).toBe('{"__proto__":{"a":"1"},"b":"2"}');
    expect(text(query)).not.toBe(text({ b: '2' }));
  });

  it('leaves out ignored names at the top, not below it', () => {
    const query = { ref: '1', a: { ref: '2' } };
    expect(canonicalQuery(query, (name) => name === 'ref')).toBe(text({ a: { ref: '2' } }));
  });

  it('gives two queries the same text exactly when they are the same up to the order of names', () => {
    const dice = new FakeTime(0, 7);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(dice.random() * of.length)] as T;
    const value = (depth: number): unknown => {
      const kind = depth > 2 ? 0 : pick([0, 0, 1, 2]);
      if (kind === 0) return pick(['', 'a', 'b', 'a,b', '"', '{}', '[]', 'null', null]);
      const size = Math.floor(dice.random() * 3);
      return kind === 1 ? Array.from({ length: size }, () => value(depth + 1)) : object(size, depth + 1);
    };
    const object = (size: number, depth: number): object =>
      Object.fromEntries(
        Array.from({ length: size }, () => [pick(['a', 'b', 'sort', '"', ',']), value(depth)]),
      );
    /** Sameness said in another way: names in order, except below sort. */
    const normal = (it: unknown, keep: boolean): unknown => {
      if (Array.isArray(it)) return ['list', ...it.map((item) => normal(item, keep))];
      if (it === null || typeof it !== 'object') return ['value', it];
      const entries = Object.entries(it).map(([name, inner]) => [
        name,
        normal(inner, keep || name === 'sort'),
      ]);
      if (!keep) entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      return ['object', entries];
    };
    const seen = new Map<string, string>();
    for (let round = 0; round < 20_000; round++) {
      const query = object(2, 0);
      const same = JSON.stringify(normal(query, false));
      const mine = text(query);
      expect(seen.get(mine) ?? same).toBe(same);
      seen.set(mine, same);
    }
    expect(new Set(seen.values()).size).toBe(seen.size);
    expect(seen.size).toBeGreaterThan(1000);
  });
});
