import type { Middleware } from 'koa';
import { describe, expect, it } from 'vitest';
import type { RateLimitConfig } from '../../../server/src/config/rate-limit-schema';
import { rig, two } from './gate-rig';

describe('who is calling', () => {
  const forged = Array.from({ length: 4 }, (_, i) => ({ 'x-forwarded-for': `198.51.100.${i}` }));

  it('cannot be forged without a proxy, and the first sight of the header is told once', async () => {
    const { statuses, warn } = await rig(two);
    expect(await statuses(forged)).toEqual([200, 200, 429, 429]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('server.proxy.koa')]]);
  });

  it('is what the proxy says behind one', async () => {
    const { statuses, warn } = await rig(two, { proxy: true });
    expect(await statuses(forged)).toEqual([200, 200, 200, 200]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('cannot be forged behind a proxy that appends', async () => {
    const behind = forged.map((it) => ({ 'x-forwarded-for': `${it['x-forwarded-for']}, 203.0.113.9` }));
    const { statuses, warn } = await rig(two, { proxy: true });
    expect(await statuses(behind)).toEqual([200, 200, 429, 429]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('server.proxy.maxIpsCount')]]);
  });

  it('is found behind as many proxies as there are said to be', async () => {
    const chain = (visitor: string, forgery: string) => ({
      'x-forwarded-for': `${forgery}, ${visitor}, 10.0.0.1`,
    });
    const { statuses, warn } = await rig(two, { proxy: true, maxIpsCount: 2 });
    const visits = [
      chain('203.0.113.1', 'a'),
      chain('203.0.113.1', 'b'),
      chain('203.0.113.1', 'c'),
      chain('203.0.113.2', 'd'),
    ];
    expect(await statuses(visits)).toEqual([200, 200, 429, 200]);
    expect(warn).not.toHaveBeenCalled();
  });

  const authenticate: Middleware = (ctx, next) => {
    const token = ctx.get('authorization').split(' ')[1];
    if (token?.startsWith('bad')) {
      ctx.status = 401;
      return;
    }
    if (token)
      ctx.state.auth = {
        strategy: { name: 'content-api-token' },
        credentials: { id: token.length, name: 'site' },
      };
    return next();
  };
  const tiers: RateLimitConfig = {
    policies: [{ name: 'p', quota: { anonymous: 3, authenticated: 5 }, window: 60, by: 'caller' }],
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('a made-up token counts for its address', async () => {
    const { statuses } = await rig(tiers, { handler: authenticate });
    expect(await statuses(['bad1', 'bad2', 'bad3', 'bad4'].map(bearer))).toEqual([401, 401, 401, 429]);
  });

  it('a verified token has a quota of its own from the next request on', async () => {
    const { statuses } = await rig(tiers, { handler: authenticate });
    expect(await statuses(Array(7).fill(bearer('good')))).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expect(await statuses([{}, {}, {}])).toEqual([200, 200, 429]);
  });

  it('a token that is refused later is forgotten', async () => {
    let revoked = false;
    const handler: Middleware = (ctx, next) => {
      if (!revoked) return authenticate(ctx, next);
      ctx.status = 401;
    };
    const { statuses } = await rig(tiers, { handler });
    expect(await statuses([bearer('good'), bearer('good')])).toEqual([200, 200]);
    revoked = true;
    expect(await statuses(Array(4).fill(bearer('good')))).toEqual([401, 401, 401, 429]);
  });
});
