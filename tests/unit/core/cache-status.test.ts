import { describe, expect, it } from 'vitest';
import { cacheStatus, type CacheStatus } from '../../../server/src/core/cache-status';

describe('cacheStatus', () => {
  it.each<[CacheStatus, string]>([
    [{ hit: true, ttl: 42 }, 'Strapi; hit; ttl=42'],
    [{ hit: true, ttl: -3, detail: 'swr' }, 'Strapi; hit; ttl=-3; detail=swr'],
    [{ fwd: 'uri-miss', stored: true, ttl: 60 }, 'Strapi; fwd=uri-miss; stored; ttl=60'],
    [{ fwd: 'uri-miss', collapsed: true }, 'Strapi; fwd=uri-miss; collapsed'],
    [{ fwd: 'stale', stored: true, ttl: 59.9 }, 'Strapi; fwd=stale; stored; ttl=59'],
    [{ fwd: 'bypass', detail: 'authorization' }, 'Strapi; fwd=bypass; detail=authorization'],
    [{ fwd: 'method' }, 'Strapi; fwd=method'],
    [{ fwd: 'uri-miss', stored: false }, 'Strapi; fwd=uri-miss'],
    [{ hit: true, fwd: 'stale' }, 'Strapi; hit'],
    [{}, 'Strapi'],
  ])('writes %j', (status, text) => {
    expect(cacheStatus('Strapi', status)).toBe(text);
  });

  it.each([
    ['a token', 'vary', 'vary'],
    ['a token with a colon and a slash', 'a:b/c', 'a:b/c'],
    ['what begins with a digit', '2fast', '"2fast"'],
    ['spaces', 'status 404', '"status 404"'],
    ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
    ['line breaks, which would begin another field', 'a\r\nSet-Cookie: b', '"a??Set-Cookie: b"'],
    ['letters beyond ASCII', 'größe', '"gr??e"'],
    ['a very long text', 'x y'.repeat(100), `"${'x y'.repeat(100).slice(0, 200)}"`],
  ])('quotes a detail where it must: %s', (_what, detail, text) => {
    expect(cacheStatus('Strapi', { fwd: 'uri-miss', detail })).toBe(`Strapi; fwd=uri-miss; detail=${text}`);
  });
});
