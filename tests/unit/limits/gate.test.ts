import type { Middleware } from 'koa';
import { describe, expect, it } from 'vitest';
import type { RateLimitGate } from '../../../server/src/middlewares/rate-limit';
import { NOW } from './facts';
import { rig, two } from './gate-rig';

describe('answers', () => {
  it('carry the limits on allowed requests', async () => {
    const { get } = await rig(two);
    const { status, headers } = await get();
    expect(status).toBe(200);
    expect(headers.get('ratelimit-policy')).toBe('"burst";q=2;w=60');
    expect(headers.get('ratelimit')).toBe('"burst";r=1;t=60');
    expect(headers.get('x-ratelimit-limit')).toBe('2');
    expect(headers.get('x-ratelimit-remaining')).toBe('1');
    expect(headers.get('x-ratelimit-reset')).toBe(String(NOW / 1000 + 60));
    expect(headers.has('retry-after')).toBe(false);
  });

  it("refuse in Strapi's envelope, readable for the browser that asked, and run no handler", async () => {
    const { get, handler } = await rig(two);
    for (let i = 0; i < 2; i++) await get();
    const answer = await get({ origin: 'https://site.example' });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toEqual({
      data: null,
      error: {
        status: 429,
        name: 'RateLimitError',
        message: 'Too many requests, please try again later.',
        details: { policies: ['burst'], retryAfter: 61 },
      },
    });
    expect(answer.headers.get('retry-after')).toBe('61');
    expect(answer.headers.get('ratelimit')).toBe('"burst";r=0;t=61');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://site.example');
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('refuse without the inner middleware too', async () => {
    const { get, handler } = await rig(two, { inner: false });
    for (let i = 0; i < 2; i++) await get();
    const answer = await get();
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ data: null, error: { status: 429, name: 'RateLimitError' } });
    expect(answer.headers.get('retry-after')).toBe('61');
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('have no such fields where no policy applies', async () => {
    const { get } = await rig(two);
    const { headers } = await get({}, {}, '/admin/init');
    expect([...headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([]);
  });

  it('count HEAD, and no preflight', async () => {
    const { get } = await rig(two);
    const preflight = { origin: 'https://site.example', 'access-control-request-method': 'GET' };
    for (let i = 0; i < 5; i++) expect((await get(preflight, { method: 'OPTIONS' })).status).toBe(204);
    expect((await get({}, { method: 'HEAD' })).headers.get('ratelimit')).toBe('"burst";r=1;t=60');
    expect((await get()).status).toBe(200);
    expect((await get({}, { method: 'HEAD' })).status).toBe(429);
  });
});

describe('with a cache', () => {
  const cache =
    (hits: () => boolean) =>
    (gate: RateLimitGate): Middleware =>
    async (ctx, next) => {
      if (gate.refused(ctx)) return next();
      const hit = hits();
      if (!(await gate.settle(ctx, hit ? 'hit' : 'miss'))) return next();
      if (!hit) return next();
      ctx.respond = false;
      ctx.res.writeHead(200, [...gate.fields(ctx)]).end('stored');
    };

  it('raw hits carry the limits, and are refused when they count', async () => {
    const { get, handler } = await rig(two, { cache: cache(() => true) });
    const answer = await get();
    expect(await answer.text()).toBe('stored');
    expect(answer.headers.get('ratelimit')).toBe('"burst";r=1;t=60');
    await get();
    expect((await get()).status).toBe(429);
    expect(handler).not.toHaveBeenCalled();
  });

  it('free hits pass while misses are refused', async () => {
    let hit = false;
    const { get } = await rig(
      { policies: [{ name: 'p', quota: 1, window: 60, hits: 'free' }] },
      { cache: cache(() => hit) },
    );
    expect([(await get()).status, (await get()).status]).toEqual([200, 429]);
    hit = true;
    expect((await get()).status).toBe(200);
  });

  it('a request that the cache left alone counts as a miss', async () => {
    const { statuses } = await rig({ policies: [{ name: 'p', quota: 1, window: 60, hits: 'free' }] });
    expect(await statuses([{}, {}])).toEqual([200, 429]);
  });
});
