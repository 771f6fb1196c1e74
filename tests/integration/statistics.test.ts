import { beforeEach, describe, expect, it } from 'vitest';
import type { StatsSummary } from '../../server/src/core/stats/summary';
import type { StatsService } from '../../server/src/services';
import { cacheOf, documents, purgeAll } from '../support/content';
import { tokens } from '../support/credentials';
import { addRoutes, readTags } from '../support/routes';
import { useSite, type Site } from '../support/strapi';

const TAG = 'api::tag.tag';
const URL = '/api/tags';

const summaryOf = (site: Site): StatsSummary =>
  (site.strapi.plugin('upstash-cache').service('stats') as StatsService).summary('1h');

describe('the statistics of a site', () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const site = useSite({
    cache: {
      ttl: '10 m',
      memory: { maxSize: '2 MB' },
      rules: [{ contentType: 'api::category.category', cache: false }],
    },
    register: ({ strapi }) =>
      addRoutes(strapi, 'counted', [
        {
          path: '/counted/slow',
          handler: async () => {
            await gate;
            return { tags: await readTags(strapi) };
          },
        },
        {
          path: '/counted/cookie',
          handler: async (ctx) => {
            ctx.cookies.set('visit', '1');
            return readTags(strapi);
          },
        },
        { path: '/counted/large/:n', handler: async () => `${await readTags(strapi)}`.padEnd(500_000, '.') },
      ]),
  });
  const before: { totals: Record<string, number> } = { totals: {} };
  beforeEach(async () => {
    await purgeAll(site().strapi);
    before.totals = { ...summaryOf(site()).totals };
  });
  /** What was counted in this test. */
  const counted = (...names: (keyof StatsSummary['totals'])[]): Record<string, number> => {
    const { totals } = summaryOf(site());
    return Object.fromEntries(names.map((name) => [name, totals[name] - (before.totals[name] ?? 0)]));
  };
  const ask = async (url: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await site().get(url);
  };

  it('count hits and misses as X-Cache says them', async () => {
    await ask(`${URL}?sort=name`, 4);
    expect(counted('hits', 'misses', 'bypasses')).toEqual({ hits: 3, misses: 1, bypasses: 0 });
  });

  it('add up the time, the database reads and the bytes that hits have saved', async () => {
    await ask(URL, 1);
    const body = (await site().get(URL)).body.byteLength;
    const saved = counted('savedReads', 'bytes', 'savedMs');
    expect(saved.savedReads).toBeGreaterThanOrEqual(1);
    expect(saved.bytes).toBe(body);
    await ask(URL, 3);
    expect(counted('savedReads').savedReads).toBe(4 * (saved.savedReads ?? NaN));
    expect(counted('bytes').bytes).toBe(4 * body);
  });

  it('tell a first request, an expired response, changed content and a purge by hand apart', async () => {
    const causes = () => counted('cold', 'expired', 'purged', 'evicted');
    await ask('/api/tags?sort=slug');
    expect(causes()).toEqual({ cold: 1, expired: 0, purged: 0, evicted: 0 });
    site().date.advance(601_000);
    await ask('/api/tags?sort=slug');
    expect(causes()).toEqual({ cold: 1, expired: 1, purged: 0, evicted: 0 });
    const tag = await documents(site().strapi, TAG).findFirst();
    await documents(site().strapi, TAG).update({
      documentId: tag.documentId,
      data: { name: `${String(tag.name)}!` },
    });
    await ask('/api/tags?sort=slug');
    expect(causes()).toEqual({ cold: 1, expired: 1, purged: 1, evicted: 0 });
    await cacheOf(site().strapi).purge({ all: true });
    await ask('/api/tags?sort=slug');
    expect(causes()).toEqual({ cold: 1, expired: 1, purged: 2, evicted: 0 });
  });

  it('know an entry that was pushed out by others', async () => {
    for (let n = 0; n < 6; n++) await ask(`/api/counted/large/${n}`);
    await ask('/api/counted/large/0');
    expect(counted('cold', 'evicted')).toEqual({ cold: 6, evicted: 1 });
  });

  it('count those who waited for the fill of another', async () => {
    const { httpServer } = site().strapi.server;
    let left = 5;
    const arrived = new Promise<void>((resolve) => {
      httpServer.on('request', function count() {
        if (--left > 0) return;
        httpServer.off('request', count);
        resolve();
      });
    });
    const answers = Array.from({ length: 5 }, () => site().get('/api/counted/slow'));
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all(answers);
    expect(counted('misses', 'coalesced')).toEqual({ misses: 5, coalesced: 4 });
  });

  it('say why requests went past the cache and why responses were not kept', async () => {
    await ask('/api/categories', 2);
    await site().send(URL, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    await ask('/api/counted/cookie');
    const { reasons } = summaryOf(site());
    expect(reasons.bypass).toMatchObject({ rule: 2 });
    expect(reasons.bypass.method).toBeGreaterThanOrEqual(1);
    expect(reasons.refused).toMatchObject({ 'set-cookie': 1 });
    expect(counted('refused', 'bypasses')).toEqual({ refused: 1, bypasses: 3 });
  });

  it('stand by route and by content type', async () => {
    await ask('/api/authors', 3);
    const { documentId } = await documents(site().strapi, 'api::author.author').findFirst();
    await ask(`/api/authors/${documentId}`, 2);
    const { routes, types } = summaryOf(site());
    expect(routes.find((it) => it.template === '/api/authors')).toMatchObject({ hits: 2, misses: 1 });
    expect(routes.find((it) => it.template === '/api/authors/:id')).toMatchObject({ hits: 1, misses: 1 });
    expect(types.find((it) => it.type === 'api::author.author')).toMatchObject({ routes: 2, hits: 3 });
    expect(routes.find((it) => it.template === '/api/counted/cookie')).toMatchObject({
      hits: 0,
      reasons: { 'refused set-cookie': 1 },
    });
  });

  it('measure hits and fills', async () => {
    await ask('/api/tags?fields=name', 20);
    const { hit, fill } = summaryOf(site()).latency;
    expect(hit.count).toBeGreaterThanOrEqual(19);
    for (const { p50, p95, p99 } of [hit, fill]) {
      expect(p50).toBeGreaterThan(0);
      expect(p95).toBeGreaterThanOrEqual(p50 ?? NaN);
      expect(p99).toBeGreaterThanOrEqual(p95 ?? NaN);
    }
    expect(hit.p50).toBeLessThan(fill.p50 ?? NaN);
  });
});

describe('the content API of the plugin', () => {
  const stats = '/api/upstash-cache/stats';
  const purge = '/api/upstash-cache/purge';
  const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
  const full = bearer(tokens.fullAccess.key);
  const post = (site: Site, headers: Record<string, string>, body: object) =>
    site.send(purge, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const message = (answer: { json<T>(): T }): string =>
    answer.json<{ error: { message: string } }>().error.message;

  describe('as it is installed', () => {
    const site = useSite();

    it('is off, and says how to switch it on', async () => {
      for (const answer of [await site().get(stats, full), await post(site(), full, { all: true })]) {
        expect(answer.status).toBe(404);
        expect(message(answer)).toContain('set api: { enabled: true }');
      }
    });
  });

  describe('switched on', () => {
    const site = useSite({
      cache: { api: { enabled: true } },
      bootstrap: async ({ strapi }) => {
        const role = await strapi
          .query('plugin::users-permissions.role')
          .findOne({ where: { type: 'public' } });
        for (const name of ['stats', 'purge'])
          await strapi
            .query('plugin::users-permissions.permission')
            .create({ data: { action: `plugin::upstash-cache.api.${name}`, role: role.id } });
      },
    });
    const scoped = async (name: string, permissions: string[]): Promise<Record<string, string>> => {
      const service = site().strapi.service('admin::api-token') as unknown as {
        create(token: object): Promise<{ accessKey: string }>;
      };
      const common = { kind: 'content-api', type: 'custom', description: '', lifespan: null };
      return bearer((await service.create({ ...common, name, permissions })).accessKey);
    };

    it('refuses who has no token, even where visitors were given the permission', async () => {
      for (const answer of [await site().get(stats), await post(site(), {}, { all: true })]) {
        expect(answer.status).toBe(403);
        expect(message(answer)).toContain('API tokens only');
      }
    });

    it('refuses a token that is wrong, and one without the scope', async () => {
      expect((await site().get(stats, bearer('wrong'))).status).toBe(401);
      expect((await site().get(stats, bearer(tokens.articles.key))).status).toBe(403);
      expect((await post(site(), bearer(tokens.articles.key), { all: true })).status).toBe(403);
    });

    it('lets a token do what its scope says and nothing else', async () => {
      const reader = await scoped('reads', ['plugin::upstash-cache.api.stats']);
      expect((await site().get(stats, reader)).status).toBe(200);
      expect((await post(site(), reader, { all: true })).status).toBe(403);
      const purger = await scoped('purges', ['plugin::upstash-cache.api.purge']);
      expect((await post(site(), purger, { paths: ['/api/tags'] })).status).toBe(200);
      expect((await site().get(stats, purger)).status).toBe(403);
    });

    it('purges what is asked for, and answers with numbers', async () => {
      for (const url of ['/api/tags', '/api/authors']) await site().get(url);
      const answer = await post(site(), full, { types: ['api::tag.tag'] });
      expect(answer.json()).toMatchObject({ data: { entries: 1, delivered: true, all: false } });
      expect((await site().get('/api/tags')).header('x-cache')).toBe('MISS');
      expect((await site().get('/api/authors')).header('x-cache')).toBe('HIT');
    });

    it('says what is wrong with a purge', async () => {
      const answer = await post(site(), full, { types: ['api::nothing.nothing'] });
      expect(answer.status).toBe(400);
      expect(message(answer)).toContain('"api::nothing.nothing" is not a content type');
      expect(message(await post(site(), full, { typo: true }))).toContain('typo');
    });

    it('gives the statistics, and says what is wrong with a question', async () => {
      await site().get('/api/tags?sort=name');
      await site().get('/api/tags?sort=name');
      const answer = await site().get(`${stats}?period=1h`, full);
      const { data } = answer.json<{ data: { stats: StatsSummary; store: { kind: string } } }>();
      expect(data.stats.rates['1h'].requests).toBeGreaterThanOrEqual(2);
      expect(data.store.kind).toBe('memory');
      expect(answer.header('cache-control')).toBe('no-store');
      expect((await site().get(`${stats}?period=year`, full)).status).toBe(400);
    });
  });
});
