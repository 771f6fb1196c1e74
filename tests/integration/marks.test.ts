import { describe, expect, it } from 'vitest';
import { useSite } from '../support/strapi';

describe('a site that shows its marks to those who ask', () => {
  const site = useSite({
    cache: { headers: { debug: 'X-Cache-Debug' }, query: { only: ['populate', 'filters', 'sort'] } },
  });
  const marks = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await site().get(url, headers);
    expect(answer.status).toBe(200);
    return [answer.header('x-cache'), answer.header('cache-status')];
  };
  const debug = { 'x-cache-debug': '1' };

  it('shows them on a miss, a hit and a bypass', async () => {
    expect((await marks('/api/tags', debug))[0]).toBe('MISS');
    expect(await marks('/api/tags', debug)).toEqual(['HIT', expect.stringMatching(/^Strapi; hit; ttl=/)]);
    expect((await marks('/api/tags', { ...debug, range: 'bytes=0-' }))[0]).toBe('BYPASS');
  });

  it('shows nobody else that there is a cache, but for the age', async () => {
    expect(await marks('/api/authors')).toEqual([undefined, undefined]);
    const hit = await site().get('/api/authors');
    expect(hit.header('age')).toMatch(/^\d+$/);
    expect([hit.header('x-cache'), hit.header('cache-status')]).toEqual([undefined, undefined]);
    expect(await marks('/api/authors', { range: 'bytes=0-' })).toEqual([undefined, undefined]);
    expect((await marks('/api/authors', debug))[0]).toBe('HIT');
  });

  it('caches no parameters that nobody foresaw', async () => {
    const url = '/api/tags?sort=name&filters[name][$ne]=x';
    await marks(url);
    expect((await marks(url, debug))[0]).toBe('HIT');
    expect(await marks(`${url}&random=1`, debug)).toEqual(['BYPASS', 'Strapi; fwd=bypass; detail=query']);
  });
});
