import { Readable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { addRoutes, readTags, type TestRoute } from '../support/routes';
import { useSite } from '../support/strapi';

/** Routes of an application; each does one thing for which a response must not be stored. */
const routes = (strapi: Core.Strapi): TestRoute[] => {
  const reading = (path: string, run: (ctx: Context) => unknown): TestRoute => ({
    path,
    handler: async (ctx) => {
      ctx.body = { tags: await readTags(strapi) };
      await run(ctx);
    },
  });
  return [
    reading('/plain', () => undefined),
    reading('/control/:value', (ctx) => ctx.set('Cache-Control', String(ctx.params.value))),
    reading('/cookie-set', (ctx) => ctx.set('Set-Cookie', 'seen=1')),
    reading('/vary/:name', (ctx) => ctx.vary(String(ctx.params.name))),
    reading('/status/:code', (ctx) => (ctx.status = Number(ctx.params.code))),
    reading('/stream', (ctx) => (ctx.body = Readable.from(['{', '}']))),
    reading('/large', (ctx) => (ctx.body = 'x'.repeat(20_000))),
    reading('/just-fits', (ctx) => (ctx.body = 'x'.repeat(10_000))),
    reading('/raw', (ctx) => {
      ctx.respond = false;
      ctx.res.end('written by hand');
    }),
    reading('/cookie', (ctx) => ctx.cookies.get('who')),
    reading('/language', (ctx) => ctx.acceptsLanguages('en', 'fr')),
    reading('/agent', (ctx) => ctx.get('user-agent')),
    reading('/all-headers', (ctx) => Object.keys(ctx.headers)),
    reading('/host', (ctx) => ctx.host),
    reading('/session', (ctx) => (ctx.session as { views?: number } | null)?.views),
    reading('/write', () =>
      strapi.db.query('api::tag.tag').updateMany({ where: { id: 1 }, data: { name: 'Written' } }),
    ),
    reading('/foreign-table', () => strapi.db.connection('sqlite_master').select('name')),
    { path: '/nothing', handler: () => ({ at: Date.now() }) },
    { path: '/broken', handler: () => Promise.reject(new Error('broken')) },
  ];
};

describe('a response that must not be stored', () => {
  const site = useSite({
    cache: {
      maxEntrySize: 10_000,
      rules: [
        { path: '/api/vary/accept', keyedHeaders: ['Accept'] },
        { path: '/api/language', ttl: '1 m' },
      ],
    },
    register: ({ strapi }) => addRoutes(strapi, 'probe', routes(strapi)),
  });

  const twice = async (url: string): Promise<{ statuses: (string | undefined)[]; code: number }> => {
    const first = await site().get(`/api${url}`);
    const second = await site().get(`/api${url}`);
    return { statuses: [first, second].map((it) => it.header('cache-status')), code: second.status };
  };

  it.each([
    ['sets a cookie', '/cookie-set', 'set-cookie'],
    ['is private', '/control/private', 'private'],
    ['is private in capitals, among others', '/control/max-age=60, PRIVATE', 'private'],
    ['says no-store', '/control/no-store', 'no-store'],
    ['says no-cache', '/control/no-cache', 'no-cache'],
    ['says no-cache with a field name', '/control/no-cache="set-cookie"', 'no-cache'],
    ['has no lifetime', '/control/max-age=0', '"max-age=0"'],
    ['has no lifetime in shared caches', '/control/max-age=60, s-maxage=0', '"max-age=0"'],
    ['has an unreadable lifetime', '/control/max-age=soon', '"max-age=0"'],
    ['varies by a header that is not keyed', '/vary/accept-language', '"vary accept-language"'],
    ['varies by everything', '/vary/*', '"vary *"'],
    ['is a stream', '/stream', 'stream'],
    ['is larger than an entry may be', '/large', 'too-large'],
    ['was made with the cookie', '/cookie', '"header cookie"'],
    ['was made with the language of the visitor', '/language', '"header accept-language"'],
    ['was made with the browser of the visitor', '/agent', '"header user-agent"'],
    ['was made with all headers', '/all-headers', '"header (all)"'],
    ['was made with the host', '/host', '"header host"'],
    ['was made with the session', '/session', '"header cookie"'],
    ['was made of nothing that could be purged', '/nothing', 'no-dependencies'],
    ['came with a write', '/write', 'write'],
    ['was made of a table that Strapi does not know', '/foreign-table', '"raw-sql sqlite_master"'],
  ])('because it %s', async (_why, url, detail) => {
    const { statuses, code } = await twice(encodeURI(url));
    expect(code).toBe(200);
    expect(statuses[0]).toBe(`Strapi; fwd=uri-miss; detail=${detail}`);
    expect(statuses[1]).not.toContain('hit');
  });

  it.each([201, 301, 404, 500, 503])('because its status is %i', async (status) => {
    const { statuses, code } = await twice(`/status/${status}`);
    expect(code).toBe(status);
    expect(statuses[0]).toBe(`Strapi; fwd=uri-miss; detail="status ${status}"`);
    expect(statuses[1]).not.toContain('hit');
  });

  it('because the handler threw', async () => {
    const { statuses, code } = await twice('/broken');
    expect(code).toBe(500);
    expect(statuses[0]).toBe('Strapi; fwd=uri-miss; detail="status 500"');
  });

  it('because the handler wrote to the socket itself', async () => {
    const first = await site().get('/api/raw');
    const second = await site().get('/api/raw');
    expect([first, second].map((it) => String(it.body))).toEqual(['written by hand', 'written by hand']);
    expect(second.header('x-cache')).not.toBe('HIT');
  });
});

describe('a response that may be stored', () => {
  const site = useSite({
    cache: { maxEntrySize: 10_000, rules: [{ path: '/api/vary/accept', keyedHeaders: ['Accept'] }] },
    register: ({ strapi }) => addRoutes(strapi, 'probe', routes(strapi)),
  });

  it.each([
    ['says nothing', '/plain', 3600],
    ['names a lifetime', '/control/max-age=60', 60],
    ['names one for shared caches, which wins', '/control/max-age=60, s-maxage=90', 90],
    ['is public', '/control/public', 3600],
    ['quotes a word that would forbid it', '/control/ext="no-store, private"', 3600],
    ['is just as large as an entry may be', '/just-fits', 3600],
    ['varies by what the cache undoes itself', '/vary/accept-encoding', 3600],
    ['varies by a keyed header', '/vary/accept', 3600],
  ])('because it %s', async (_why, url, ttl) => {
    const first = await site().get(`/api${encodeURI(url)}`);
    expect(first.header('cache-status')).toBe(`Strapi; fwd=uri-miss; stored; ttl=${ttl}`);
    expect((await site().get(`/api${encodeURI(url)}`)).header('x-cache')).toBe('HIT');
  });
});
