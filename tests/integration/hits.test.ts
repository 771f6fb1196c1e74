import { beforeEach, describe, expect, it } from 'vitest';
import { lastingFields } from '../support/http';
import { countSql } from '../support/sql';
import { useSite } from '../support/strapi';
import { purgeAll } from '../support/content';

const URL = '/api/articles?populate=*';

describe('a request that was made before', () => {
  const site = useSite();
  beforeEach(() => purgeAll(site().strapi));

  it('runs the handler the first time and is answered from the cache the second time', async () => {
    const first = await site().request.get(URL);
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'x-cache': 'MISS',
      'cache-status': 'Strapi; fwd=uri-miss; stored; ttl=3600',
    });
    const second = await site().request.get(URL);
    expect(second.status).toBe(200);
    expect(second.headers['x-cache']).toBe('HIT');
    expect(second.headers['cache-status']).toMatch(/^Strapi; hit; ttl=(3599|3600)$/);
  });

  it('is answered with the same bytes and the same fields, apart from what belongs to one answer', async () => {
    const miss = await site().get(URL);
    const hit = await site().get(URL);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.body.equals(miss.body)).toBe(true);
    expect(lastingFields(hit)).toEqual(lastingFields(miss));
    expect(hit.json<{ data: unknown[] }>().data).not.toHaveLength(0);
  });

  it('reads and writes nothing in the database', async () => {
    await site().get(URL);
    const { statements, answer } = await countSql(site().strapi, () => site().get(URL));
    expect(answer.header('x-cache')).toBe('HIT');
    expect(statements).toEqual([]);
  });

  it('is not logged as a request of the application', async () => {
    await site().get(URL);
    const before = site().log.length;
    await site().get(URL);
    expect(site().log.slice(before)).toEqual([]);
  });

  it('is told apart by its query', async () => {
    await site().get(URL);
    const other = await site().get('/api/articles?populate=author');
    expect(other.header('x-cache')).toBe('MISS');
  });

  it('is stored for one document as for a list', async () => {
    const [article] = (await site().get('/api/articles')).json<{ data: { documentId: string }[] }>().data;
    const url = `/api/articles/${article?.documentId}`;
    expect((await site().get(url)).header('x-cache')).toBe('MISS');
    expect((await site().get(url)).header('x-cache')).toBe('HIT');
  });
});

describe('the age of a hit', () => {
  const site = useSite({ cache: { ttl: '1 m' } });
  beforeEach(() => purgeAll(site().strapi));

  it('grows in whole seconds, while Date stays that of the making', async () => {
    site().date.advance(3_600_000); // what is made now is made in an hour from the real time
    await site().get(URL);
    const young = await site().get(URL);
    site().date.advance(12_999);
    const older = await site().get(URL);
    expect([young.header('age'), older.header('age')]).toEqual(['0', '13']);
    expect(older.header('date')).toBe(young.header('date'));
    const made = Date.parse(older.header('date') ?? '');
    expect(Date.now() - made).toBeGreaterThanOrEqual(12_999);
    expect(Date.now() - made).toBeLessThan(60_000);
    expect(older.header('cache-status')).toMatch(/^Strapi; hit; ttl=4[67]$/);
  });

  it('is absent on a miss', async () => {
    expect((await site().get(URL)).header('age')).toBeUndefined();
  });

  it('ends with the lifetime: the next request runs the handler again', async () => {
    await site().get(URL);
    site().date.advance(59_000);
    expect((await site().get(URL)).header('x-cache')).toBe('HIT');
    site().date.advance(1000);
    const renewed = await site().get(URL);
    expect(renewed.header('cache-status')).toBe('Strapi; fwd=stale; stored; ttl=60');
    expect((await site().get(URL)).header('age')).toBe('0');
  });
});

describe('a HEAD request', () => {
  const site = useSite();
  beforeEach(() => purgeAll(site().strapi));

  it('is answered from what a GET stored: the same fields and no body', async () => {
    await site().get(URL);
    const hit = await site().get(URL);
    const head = await site().send(URL, { method: 'HEAD' });
    expect(head.header('x-cache')).toBe('HIT');
    expect(head.body).toHaveLength(0);
    expect(head.header('content-length')).toBe(String(hit.body.length));
    expect(lastingFields(head)).toEqual(lastingFields(hit));
  });

  it('stores nothing itself', async () => {
    const head = await site().send(URL, { method: 'HEAD' });
    expect(head.header('cache-status')).toBe('Strapi; fwd=uri-miss; detail=head');
    expect((await site().get(URL)).header('x-cache')).toBe('MISS');
  });
});

describe('the option headers', () => {
  const site = useSite({ cache: { headers: { xCache: false, cacheStatus: false } } });

  it('takes both response headers away from misses and hits', async () => {
    const miss = await site().get(URL);
    const hit = await site().get(URL);
    expect(hit.header('age')).toBe('0');
    for (const answer of [miss, hit]) {
      expect(answer.header('x-cache')).toBeUndefined();
      expect(answer.header('cache-status')).toBeUndefined();
    }
  });
});
