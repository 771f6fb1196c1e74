import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, documents, purgeAll } from '../support/content';
import { addRoutes } from '../support/routes';
import { useSite } from '../support/strapi';
import { until } from '../support/until';

const ARTICLE = 'api::article.article';

describe('purge', () => {
  const site = useSite();
  const outcome = async (url: string): Promise<string | undefined> =>
    (await site().get(url)).header('x-cache');
  const warm = async (...urls: string[]): Promise<void> => {
    for (const url of urls) await site().get(url);
  };
  beforeEach(() => purgeAll(site().strapi));

  it('of everything drops everything', async () => {
    await warm('/api/articles', '/api/tags');
    expect(await cacheOf(site().strapi).purge({ all: true })).toMatchObject({ all: true, delivered: true });
    expect(await outcome('/api/articles')).toBe('MISS');
    expect(await outcome('/api/tags')).toBe('MISS');
  });

  it('of a type drops what shows it, by itself or populated, and nothing else', async () => {
    await warm('/api/tags', '/api/articles?populate=tags', '/api/articles');
    await cacheOf(site().strapi).purge({ types: ['api::tag.tag'] });
    expect(await outcome('/api/tags')).toBe('MISS');
    expect(await outcome('/api/articles?populate=tags')).toBe('MISS');
    expect(await outcome('/api/articles')).toBe('HIT');
  });

  it('of a document drops what shows it and what was found by its id', async () => {
    const [one, other] = await documents(site().strapi, ARTICLE).findMany({ status: 'published', limit: 2 });
    await warm(
      `/api/articles/${one?.documentId}`,
      `/api/articles/${other?.documentId}`,
      '/api/articles?fields=title',
    );
    await cacheOf(site().strapi).purge({ documents: [{ uid: ARTICLE, documentId: one?.documentId ?? '' }] });
    expect(await outcome(`/api/articles/${one?.documentId}`)).toBe('MISS');
    expect(await outcome('/api/articles?fields=title')).toBe('MISS');
    expect(await outcome(`/api/articles/${other?.documentId}`)).toBe('HIT');
  });

  it('of a key drops one entry', async () => {
    await warm('/api/articles', '/api/tags');
    const { key } = await cacheOf(site().strapi).explain('/api/articles');
    expect(await cacheOf(site().strapi).purge({ keys: [key ?? ''] })).toMatchObject({ keys: 1 });
    expect(await outcome('/api/articles')).toBe('MISS');
    expect(await outcome('/api/tags')).toBe('HIT');
  });

  it('names what was wrong and what is allowed', async () => {
    const cache = cacheOf(site().strapi);
    await expect(cache.purge({})).rejects.toThrow(/at least one of all, types, documents/);
    await expect(cache.purge({ types: ['api::articel.articel'] })).rejects.toThrow(
      /"api::articel.articel" is not a content type.*api::article.article/,
    );
  });

  it('stands in the history with its cause and its tags', async () => {
    const article = await documents(site().strapi, ARTICLE).findFirst({ status: 'draft' });
    await documents(site().strapi, ARTICLE).update({ documentId: article.documentId, data: { rating: 1 } });
    const record = cacheOf(site().strapi)
      .history()
      .find((it) => it.uid === ARTICLE);
    expect(record).toMatchObject({ source: 'document', action: 'update', documentId: article.documentId });
    expect(record?.tags.length).toBeGreaterThan(0);
  });

  it('stands there with how many stored responses a change has dropped', async () => {
    const [one] = await documents(site().strapi, ARTICLE).findMany({ status: 'published', limit: 1 });
    const url = `/api/articles/${one?.documentId}`;
    await warm(url, `${url}?populate=*`, `${url}?fields=title`, '/api/tags', '/api/categories');
    await documents(site().strapi, ARTICLE).delete({ documentId: one?.documentId });
    const fallen = (): number =>
      cacheOf(site().strapi)
        .history()
        .filter((it) => it.uid === ARTICLE && it.documentId === one?.documentId)
        .reduce((sum, it) => sum + (it.entries ?? NaN), 0);
    await until('counted', () => fallen() >= 0);
    expect(fallen()).toBe(3);
  });
});

describe('getOrSet', () => {
  const counts = { computed: 0 };
  const site = useSite({
    register: ({ strapi }) =>
      addRoutes(strapi, 'weather', [
        {
          path: '/weather',
          handler: async (ctx) => {
            ctx.body = await cacheOf(strapi).getOrSet('weather', () => ({ degrees: ++counts.computed }), {
              ttl: '10 m',
              tags: ['weather'],
            });
          },
        },
      ]),
  });
  beforeEach(async () => {
    await purgeAll(site().strapi);
    counts.computed = 0;
  });
  const compute = async (): Promise<number> => ++counts.computed;

  it('computes once for all who wait', async () => {
    const cache = cacheOf(site().strapi);
    const values = await Promise.all(Array.from({ length: 50 }, () => cache.getOrSet('n', compute)));
    expect(new Set(values)).toEqual(new Set([1]));
    expect(await cache.getOrSet('n', compute)).toBe(1);
  });

  it('computes anew after its tag was purged', async () => {
    const cache = cacheOf(site().strapi);
    await cache.getOrSet('n', compute, { tags: ['numbers'] });
    await cache.purge({ tags: ['numbers'] });
    expect(await cache.getOrSet('n', compute, { tags: ['numbers'] })).toBe(2);
  });

  it('computes anew when something that it read through Strapi has changed', async () => {
    const { strapi } = site();
    const titles = (): Promise<string[]> =>
      cacheOf(strapi).getOrSet('titles', async () =>
        (await documents(strapi, 'api::tag.tag').findMany()).map((tag) => String(tag.name)),
      );
    await titles();
    await documents(strapi, 'api::tag.tag').create({ data: { name: 'Entirely new', slug: 'entirely-new' } });
    expect(await titles()).toContain('Entirely new');
  });

  it('computes anew when its time is over', async () => {
    const cache = cacheOf(site().strapi);
    await cache.getOrSet('n', compute, { ttl: 60 });
    site().date.advance(61_000);
    expect(await cache.getOrSet('n', compute, { ttl: 60 })).toBe(2);
  });

  it('hands a failure on and stores nothing', async () => {
    const cache = cacheOf(site().strapi);
    const fail = (): Promise<number> => Promise.reject(new Error('no weather today'));
    await expect(cache.getOrSet('n', fail)).rejects.toThrow('no weather today');
    expect(await cache.getOrSet('n', compute)).toBe(1);
  });

  it('refuses what JSON cannot carry, and a lifetime that is none', async () => {
    const cache = cacheOf(site().strapi);
    await expect(cache.getOrSet('f', () => () => 1)).rejects.toThrow(/not data that JSON can carry/);
    await expect(async () => cache.getOrSet('n', compute, { ttl: 'soon' })).rejects.toThrow(
      /ttl is "soon"; allowed/,
    );
  });

  it('ties the response that was made of a value to its tags', async () => {
    await site().get('/api/weather');
    expect((await site().get('/api/weather')).header('x-cache')).toBe('HIT');
    await cacheOf(site().strapi).purge({ tags: ['weather'] });
    const answer = await site().get('/api/weather');
    expect(answer.header('x-cache')).toBe('MISS');
    expect(answer.json()).toEqual({ degrees: 2 });
  });
});

describe('explain', () => {
  const site = useSite({ cache: { rules: [{ path: '/api/tags', cache: false }] } });
  beforeEach(() => purgeAll(site().strapi));

  it('says what a stored response depends on', async () => {
    await site().get('/api/articles?populate=author');
    const explanation = await cacheOf(site().strapi).explain('/api/articles?populate=author');
    expect(explanation).toMatchObject({ lookup: 'edge', state: 'hit', handler: 'api::article.article.find' });
    expect(explanation.entry?.tags.some((tag) => tag.includes('api::author.author'))).toBe(true);
    expect(explanation.entry?.tags.some((tag) => tag.startsWith('m|api::article.article|'))).toBe(true);
  });

  it('says why there is nothing', async () => {
    const cache = cacheOf(site().strapi);
    expect(await cache.explain('/api/articles')).toMatchObject({ state: 'cold' });
    expect(await cache.explain('/api/tags')).toMatchObject({ lookup: 'bypass', reason: 'rule' });
    expect(await cache.explain('/api/nothing')).toMatchObject({ lookup: 'bypass', reason: 'no-route' });
    expect(await cache.explain('/api/members/articles')).toMatchObject({
      lookup: 'route',
      reason: 'policies',
    });
  });

  it('tells callers apart and shows no credential', async () => {
    const authorization = 'Bearer development-only-read-token';
    await site().get('/api/articles', { authorization });
    const cache = cacheOf(site().strapi);
    const mine = await cache.explain('/api/articles', authorization);
    expect(mine.state).toBe('hit');
    expect((await cache.explain('/api/articles')).state).toBe('cold');
    expect(JSON.stringify(mine)).not.toContain('development-only-read-token');
  });
});
