import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { isSelfRequest, selfRequest } from '../../server/src/strapi/self-request';
import { addRoutes } from '../support/routes';
import { useSite } from '../support/strapi';

interface Seen {
  readonly url: string;
  readonly agent: string;
  readonly own: boolean;
  readonly transaction: boolean;
}

describe('a request that the application makes to itself', () => {
  const seen: Seen[] = [];
  const site = useSite({
    cache: { rules: [{ path: '/api/mirror', cache: false }] },
    register: ({ strapi }) =>
      addRoutes(strapi, 'mirror', [
        {
          path: '/mirror',
          handler: (ctx: Context) => {
            seen.push({
              url: ctx.req.url ?? '',
              agent: ctx.get('user-agent'),
              own: isSelfRequest(ctx.req),
              transaction: strapi.db.inTransaction(),
            });
            ctx.status = 202;
            ctx.body = { ok: true };
          },
        },
      ]),
  });

  it('fills the cache like a visitor, who then gets a hit', async () => {
    const url = '/api/articles?sort=title&filters[title][$contains]=a b';
    expect(await selfRequest(site().strapi, { method: 'GET', url })).toEqual({ status: 200 });
    const visitor = await site().get('/api/articles?sort=title&filters[title][$contains]=a%20b');
    expect(visitor.header('x-cache')).toBe('HIT');
  });

  it('is written to the handler as it was asked for', async () => {
    const url = "/api/mirror?a=[1]&b='x'";
    expect(await selfRequest(site().strapi, { method: 'GET', url })).toEqual({ status: 202 });
    expect(seen.at(-1)).toMatchObject({ url, own: true, agent: 'strapi-plugin-upstash-cache' });
  });

  it('is told apart from a visitor, whatever the visitor sends', async () => {
    await site().get('/api/mirror', { 'user-agent': 'strapi-plugin-upstash-cache' });
    expect(seen.at(-1)).toMatchObject({ own: false });
  });

  it('does not run inside of the transaction of its caller', async () => {
    await site().strapi.db.transaction(async () => {
      await selfRequest(site().strapi, { method: 'GET', url: '/api/mirror' });
    });
    expect(seen.at(-1)).toMatchObject({ transaction: false });
  });

  it('resolves with the status of an error', async () => {
    expect(await selfRequest(site().strapi, { method: 'GET', url: '/api/nowhere' })).toEqual({ status: 404 });
  });
});
