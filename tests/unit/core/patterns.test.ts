import { describe, expect, it } from 'vitest';
import { namePattern } from '../../../server/src/core/canonical-query';
import { pathPattern, pathPatternProblem } from '../../../server/src/core/path-pattern';

describe('pathPattern', () => {
  it.each([
    ['/api/articles', '/api/articles'],
    ['/api/articles', '/API/Articles/'],
    ['/api/articles/', '/api/articles'],
    ['/api/articles/:id', '/api/articles/7'],
    ['/api/articles/:id', '/api/articles/a.b-c'],
    ['/api/*/featured', '/api/articles/featured'],
    ['/api/art*', '/api/articles'],
    ['/api/art*', '/api/art'],
    ['/api/*-list', '/api/a-list'],
    ['/api/search/**', '/api/search'],
    ['/api/search/**', '/api/search/a/b/c'],
    ['/api/**/end', '/api/end'],
    ['/api/**/end', '/api/a/b/end'],
    ['/**', '/'],
    ['/**', '/anything/at/all'],
    ['/', '/'],
    ['/api/v1.0', '/api/v1.0'],
  ])('%s takes %s', (pattern, path) => {
    expect(pathPattern(pattern)(path)).toBe(true);
  });

  it.each([
    ['/api/articles', '/api/articles/7'],
    ['/api/articles', '/api/articlesx'],
    ['/api/articles', '/x/api/articles'],
    ['/api/articles/:id', '/api/articles'],
    ['/api/articles/:id', '/api/articles/7/comments'],
    ['/api/*', '/api/'],
    ['/api/*', '/api/a/b'],
    ['/api/*/featured', '/api//featured'],
    ['/api/search/**', '/api/searching'],
    ['/api/**/end', '/api/a/ending'],
    ['/', '/api'],
    ['/api/v1.0', '/api/v1x0'],
    ['/api/a', '/api/a\n'],
  ])('%s does not take %s', (pattern, path) => {
    expect(pathPattern(pattern)(path)).toBe(false);
  });

  it.each([
    ['api/articles', 'starts with "/"'],
    ['', 'starts with "/"'],
    ['/api/articles?a=1', 'no "?" or "#"'],
    ['/api#a', 'no "?" or "#"'],
    ['/api/a b', 'no spaces'],
    ['/api//a', 'no empty segment'],
    ['/api/a**', 'stands alone'],
    ['/api/**b', 'stands alone'],
    ['/api/:', 'not a parameter'],
    ['/api/:1', 'not a parameter'],
    ['/api/:id?', 'no "?"'],
    ['/api/(a|b)', 'regular expression'],
    ['/api/[ab]', 'regular expression'],
    ['/api/a+', 'regular expression'],
    ['/api/^a$', 'regular expression'],
    ['/api/a\\b', 'regular expression'],
  ])('says what is wrong with %j', (pattern, problem) => {
    expect(pathPatternProblem(pattern)).toContain(problem);
    expect(() => pathPattern(pattern)).toThrow(problem);
  });

  it.each([
    ['/api/*a*a*a*a*a*a*b', `/api/${'a'.repeat(200)}`],
    ['/**/x/**/x/**/x/**/y', '/x'.repeat(2000)],
  ])('answers at once for a path that is made to take long: %s', (pattern, path) => {
    const startedAt = performance.now();
    expect(pathPattern(pattern)(path)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('namePattern', () => {
  const test = namePattern(['gclid', 'utm_*', 'x*']);

  it.each(['gclid', 'utm_', 'utm_source', 'x', 'xy'])('takes %s', (name) => expect(test(name)).toBe(true));

  it.each(['gclid2', 'GCLID', 'utm', 'my_utm_source', ''])('does not take %j', (name) => {
    expect(test(name)).toBe(false);
  });

  it('takes everything for a star, and nothing for an empty list', () => {
    expect(namePattern(['*'])('anything')).toBe(true);
    expect(namePattern([])('anything')).toBe(false);
  });
});
