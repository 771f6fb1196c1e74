import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from 'koa';
import { cacheOf, documents, purgeAll } from '../support/content';
import { tokens } from '../support/credentials';
import { startReceiver } from '../support/receiver';
import { addRoutes, readTags } from '../support/routes';
import { useSite } from '../support/strapi';
import { until } from '../support/until';

const LIST = '/api/articles?pagination[pageSize]=3';
const receiver = await startReceiver();
afterAll(() => receiver.close());

describe('a site that speaks to caches downstream', () => {
  const site = useSite({
    cache: {
      downstream: {
        cdn: { ttl: '5 m', staleWhileRevalidate: '1 m', staleIfError: '1 h' },
        tagHeaders: ['Cache-Tag', 'Surrogate-Key', 'Cache-Groups'],
        webhooks: [{ url: receiver.url, secret: 'a secret of both sides' }],
      },
      rules: [
        { path: '/api/tags', downstream: { browser: '30 s' } },
        { path: '/api/categories', downstream: false },
        { path: '/api/own', ttl: '1 m' },
      ],
    },
    register: ({ strapi }) =>
      addRoutes(strapi, 'own', [
        {
          path: '/own',
          handler: async (ctx: Context) => {
            await readTags(strapi);
            ctx.set('Cache-Control', 'max-age=7');
            ctx.body = { own: true };
          },
        },
      ]),
  });
  beforeEach(async () => {
    await purgeAll(site().strapi);
    await until('everything fell', () => receiver.received.some(({ notice }) => notice.all));
    receiver.received.length = 0;
  });

  it('lets browsers ask each time and a CDN keep it, on miss and hit (RFC 9213 section 2.1)', async () => {
    for (const outcome of ['MISS', 'HIT']) {
      const answer = await site().get(LIST);
      expect(answer.header('x-cache')).toBe(outcome);
      expect(answer.header('cache-control')).toBe('public, max-age=0, must-revalidate');
      expect(answer.header('cdn-cache-control')).toBe(
        'max-age=300, stale-while-revalidate=60, stale-if-error=3600',
      );
    }
  });

  it('names what chose the answer, the credential first of all (RFC 9111 section 3.5)', async () => {
    expect((await site().get(LIST)).header('vary')).toMatch(/\bAuthorization\b/);
  });

  it('never calls an answer public that was made for a credential', async () => {
    const headers = { authorization: `Bearer ${tokens.fullAccess.key}` };
    for (const outcome of ['MISS', 'HIT']) {
      const answer = await site().get(LIST, headers);
      expect(answer.header('x-cache')).toBe(outcome);
      expect(answer.header('cache-control')).toBe('private, no-cache');
      for (const name of ['cdn-cache-control', 'cache-tag', 'surrogate-key', 'cache-groups'])
        expect(answer.header(name), name).toBeUndefined();
    }
  });

  it('follows its rules', async () => {
    expect((await site().get('/api/tags')).header('cache-control')).toBe(
      'public, max-age=30, must-revalidate',
    );
    const silent = await site().get('/api/categories');
    expect([silent.header('cache-control'), silent.header('cdn-cache-control')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('leaves the field of a handler alone', async () => {
    const answer = await site().get('/api/own');
    expect(answer.header('cache-control')).toBe('max-age=7');
    expect(answer.header('cdn-cache-control')).toBeUndefined();
  });

  it('says nothing of an answer that is not stored', async () => {
    const missing = await site().get('/api/articles/nowhere');
    expect([missing.status, missing.header('cache-tag')]).toEqual([404, undefined]);
    expect(missing.header('cache-control') ?? '').not.toContain('public');
  });

  it('names the documents that it shows, in the syntax of each field', async () => {
    const answer = await site().get(LIST);
    const { data } = answer.json<{ data: { documentId: string }[] }>();
    const tags = answer.header('cache-tag')?.split(',') ?? [];
    for (const { documentId } of data) expect(tags).toContain(`article:${documentId}`);
    expect(tags).toEqual(expect.arrayContaining(['article', 'article:all']));
    expect(answer.header('surrogate-key')?.split(' ')).toEqual(tags);
    expect(answer.header('cache-groups')).toBe(tags.map((tag) => `"${tag}"`).join(', '));
  });

  it('names neither columns nor values nor keys', async () => {
    const answer = await site().get(
      '/api/articles?filters[title][$contains]=secret-word&sort=rating&populate=*',
    );
    const text = answer.header('cache-tag') ?? '';
    expect(text).not.toMatch(/title|rating|secret-word|\|/);
    for (const tag of text.split(',')) expect(tag).toMatch(/^[\w.-]+(:\w+)?(:links)?$/);
  });

  it('folds documents into their type where they are too many', async () => {
    const answer = await site().get('/api/articles?populate=*&pagination[pageSize]=100');
    const text = answer.header('cache-tag') ?? '';
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThanOrEqual(2048);
    expect(text.split(',')).toContain('article');
  });

  it.each([
    ['a document that it shows', LIST, 'api::article.article', 'title'],
    ['a document that it populates', `${LIST}&populate[author][fields]=name`, 'api::author.author', 'name'],
    [
      'a document of a folded type',
      '/api/articles?populate=*&pagination[pageSize]=100',
      'api::tag.tag',
      'name',
    ],
  ])('tells a tag of it when %s changes', async (_what, url, uid, field) => {
    const tags = new Set((await site().get(url)).header('cache-tag')?.split(','));
    const shown = (await site().get(url)).json<{ data: Record<string, { documentId: string }>[] }>().data;
    const of = documents(site().strapi, uid);
    const documentId =
      uid === 'api::article.article'
        ? String(shown[0]?.documentId)
        : uid === 'api::author.author'
          ? String(shown.find((it) => it.author)?.author?.documentId)
          : (await of.findFirst({})).documentId;
    await of.update({ documentId, data: { [field]: 'Changed for the test' } });
    if (uid === 'api::article.article') await of.publish({ documentId });
    await until('a notice that names one of its tags', () =>
      receiver.received.some(({ notice }) => notice.tags.some((tag) => tags.has(tag))),
    );
    expect((await site().get(url)).header('x-cache')).toBe('MISS');
  });

  it('tells a tag of it when a permission changes', async () => {
    const tags = new Set((await site().get(LIST)).header('cache-tag')?.split(','));
    const query = site().strapi.db.query('plugin::users-permissions.permission');
    const where = { action: 'api::article.article.find', role: { type: 'public' } };
    const { id } = (await query.findOne({ where })) as { id: number };
    await query.delete({ where: { id } });
    await until('a notice that names one of its tags', () =>
      receiver.received.some(({ notice }) => notice.tags.some((tag) => tags.has(tag))),
    );
  });
});

describe('a site that was told nothing of caches downstream', () => {
  const site = useSite();

  it('sends none of these fields', async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await site().get(LIST);
      for (const name of ['cache-control', 'cdn-cache-control', 'cache-tag', 'surrogate-key', 'cache-groups'])
        expect(answer.header(name), name).toBeUndefined();
    }
    expect(cacheOf(site().strapi).stats().entries).toBe(1);
  });
});

describe('a site with a middleware of its own before the lookup', () => {
  const site = useSite({
    cache: { downstream: { cdn: { ttl: '5 m' } } },
    register: ({ strapi }) => void strapi.server.use((_ctx: Context, next) => next()),
  });

  it('keeps its answers from CDNs: that middleware may choose among visitors', async () => {
    const answer = await site().get(LIST);
    expect(answer.header('cache-control')).toBe('private, no-cache');
    expect(answer.header('cdn-cache-control')).toBeUndefined();
  });
});
