import { describe, expect, it } from 'vitest';
import { browserField, cdnField, fitTags, tagField } from '../../../server/src/core/downstream';

describe('fields for caches downstream', () => {
  it('make browsers ask each time, or after a while', () => {
    expect(browserField(0)).toBe('public, max-age=0, must-revalidate');
    expect(browserField(30_500)).toBe('public, max-age=30, must-revalidate');
  });

  it('give the lifetimes of a CDN as bare numbers (RFC 9213 section 2.1)', () => {
    expect(cdnField({ ttl: 60_000 })).toBe('max-age=60');
    expect(cdnField({ ttl: 60_000, staleIfError: 0, staleWhileRevalidate: 5_000 })).toBe(
      'max-age=60, stale-while-revalidate=5, stale-if-error=0',
    );
  });

  it.each([
    ['Surrogate-Key', 'a b:c'],
    ['Cache-Tag', 'a,b:c'],
    ['Edge-Cache-Tag', 'a,b:c'],
    ['Cache-Groups', '"a", "b:c"'],
  ] as const)('write tags into %s as its readers expect', (name, text) => {
    expect(tagField(name, ['a', 'b:c'])).toBe(text);
  });
});

describe('tags that do not fit', () => {
  const few = ['article', 'article:all', 'tag:all', 'tag:t1', 'tag:t1:links'];
  const many = [...few, ...Array.from({ length: 50 }, (_, i) => `article:document${i}`)];

  it('stay as they are where they do', () => {
    expect(fitTags(new Set(few), 1000)).toEqual(few);
  });

  it('give way to their type, that of most documents first', () => {
    expect(fitTags(new Set(many), 100)).toEqual([...few, 'article:links']);
  });

  it('give way type by type', () => {
    expect(fitTags(new Set(many), 75)).toEqual([
      ...['article', 'article:all', 'tag:all', 'article:links', 'tag', 'tag:links'],
    ]);
  });

  it('are none at all where not even the types fit', () => {
    expect(fitTags(new Set(many), 40)).toBeNull();
  });
});
