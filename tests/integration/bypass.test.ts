import type { Context } from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../support/credentials';
import { purgeAll } from '../support/content';
import { addRoutes, readTags } from '../support/routes';
import { useSite } from '../support/strapi';

describe('a request that goes past the cache', () => {
  const site = useSite({
    cache: {
      query: { maxUrlLength: 200 },
      rules: [
        { path: '/api/authors/**', cache: false },
        { handler: 'api::article.article.featured', cache: false },
        { contentType: 'api::comment.comment', cache: false },
        { contentType: 'api::tag.tag', callers: 'none' },
      ],
    },
  });
  beforeEach(() => purgeAll(site().strapi));

  const twice = async (url: string, headers: Record<string, string> = {}): Promise<string[]> => {
    const answers = [await site().get(url, headers), await site().get(url, headers)];
    return answers.map((answer) => `${answer.header('x-cache')} ${answer.header('cache-status')}`);
  };
  const always = (status: string): string[] => [`BYPASS ${status}`, `BYPASS ${status}`];

  it('asks for a range', async () => {
    expect(await twice('/api/articles', { range: 'bytes=0-9' })).toEqual(
      always('Strapi; fwd=bypass; detail=range'),
    );
  });

  it('has a longer URL than the option allows', async () => {
    const url = `/api/articles?filters[title][$ne]=${'x'.repeat(200)}`;
    expect(await twice(url)).toEqual(always('Strapi; fwd=bypass; detail=url-too-long'));
  });

  it('has a URL of just the length that is allowed: then it is cached', async () => {
    const url = '/api/articles?filters[title][$ne]='.padEnd(200, 'x');
    expect((await twice(url))[1]).toMatch(/^HIT/);
  });

  it.each([
    ['by path', '/api/authors'],
    ['by path, below it', '/api/authors/none'],
    ['by handler', '/api/articles/featured'],
    ['by content type', '/api/comments'],
  ])('is excluded by a rule %s', async (_how, url) => {
    expect(await twice(url)).toEqual(always('Strapi; fwd=bypass; detail=rule'));
  });

  it('carries a credential, where a rule caches for the public only', async () => {
    const authorization = `Bearer ${tokens.fullAccess.key}`;
    expect(await twice('/api/tags', { authorization })).toEqual(
      always('Strapi; fwd=bypass; detail=authorization'),
    );
    expect((await twice('/api/tags'))[1]).toMatch(/^HIT/);
  });

  it('asks for a route that does not exist', async () => {
    expect(await twice('/api/nothing')).toEqual(always('Strapi; fwd=bypass; detail=no-route'));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is no read: %s', async (method) => {
    const answer = await site().send('/api/articles', { method });
    expect(answer.header('x-cache')).toBe('BYPASS');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=method');
  });

  it.each(['/_health', '/admin/init', '/uploads/none.png', '/apiary'])(
    'is none of the content API and is left alone: %s',
    async (url) => {
      const answer = await site().get(url);
      expect(answer.header('x-cache')).toBeUndefined();
      expect(answer.header('cache-status')).toBeUndefined();
    },
  );

  it('leaves an entry in its place for the others', async () => {
    await site().get('/api/articles');
    await site().get('/api/articles', { range: 'bytes=0-9' });
    expect((await site().get('/api/articles')).header('x-cache')).toBe('HIT');
  });
});

describe('a route that a middleware put on the router answers', () => {
  const site = useSite({
    register: ({ strapi }) => {
      strapi.server.router.get('/api/foreign', async (ctx: Context) => {
        ctx.body = { tags: await readTags(strapi) };
      });
      addRoutes(strapi, 'own', [{ path: '/own', handler: async () => ({ tags: await readTags(strapi) }) }]);
    },
  });

  it('is unknown to the cache and never cached', async () => {
    await site().get('/api/foreign');
    const again = await site().get('/api/foreign');
    expect(again.status).toBe(200);
    expect(again.header('cache-status')).toBe('Strapi; fwd=bypass; detail=unknown-route');
  });

  it('keeps nobody else from being cached', async () => {
    await site().get('/api/own');
    expect((await site().get('/api/own')).header('x-cache')).toBe('HIT');
  });
});
