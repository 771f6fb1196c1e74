import { describe, expect, it } from 'vitest';
import { pathsOverlap } from '../../../server/src/core/path-overlap';

describe('pathsOverlap', () => {
  it.each([
    ['/api/articles', '/api/articles'],
    ['/api/Articles/', '/api/articles'],
    ['/api/articles/*', '/api/articles/:id'],
    ['/api/articles/:slug', '/api/articles/:id'],
    ['/api/articles/abc', '/api/articles/:id'],
    ['/api/**', '/api/articles/:id'],
    ['/api/articles/**', '/api/articles'],
    ['/**/featured', '/api/articles/featured'],
    ['/api/art*', '/api/articles'],
    ['/api/files/a/b', '/api/files/:path(.*)'],
  ])('%s meets %s', (pattern, template) => expect(pathsOverlap(pattern, template)).toBe(true));

  it.each([
    ['/api/articles', '/api/articles/:id'],
    ['/api/articles/:id', '/api/articles'],
    ['/api/authors/**', '/api/articles/:id'],
    ['/api/art*', '/api/authors'],
    ['/api/*', '/api/articles/:id'],
    ['/**/featured', '/api/articles/latest'],
  ])('%s does not meet %s', (pattern, template) => expect(pathsOverlap(pattern, template)).toBe(false));
});
