import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../../support/content';
import { Origin } from '../../support/origin';
import { useSite } from '../../support/strapi';
import { until } from '../../support/until';

const SECRET = 'a secret of the front end';
const URL = '/api/thing/one';

describe('Cache-Control of a request (RFC 9111 section 5.2.1)', () => {
  const origin = new Origin();
  const site = useSite({
    cache: {
      ttl: '1 m',
      staleWhileRevalidate: '1 m',
      staleIfError: '5 m',
      trustedCaller: { header: 'X-Cache-Secret', secret: SECRET },
      bypassCookies: ['preview'],
    },
    register: origin.register,
  });
  beforeEach(async () => {
    origin.reset();
    await purgeAll(site().strapi);
  });

  const get = async (control: string, more: Record<string, string> = {}, url = URL): Promise<string[]> => {
    const answer = await site().get(url, { 'cache-control': control, ...more });
    return [answer.header('x-cache') ?? '', answer.header('cache-status') ?? ''];
  };
  const trusted = (control: string): Promise<string[]> => get(control, { 'x-cache-secret': SECRET });

  it.each(['no-cache', 'max-age=0', 'min-fresh=1000', 'no-store', 'only-if-cached'])(
    '%s of anybody does not make the cache give up a hit',
    async (control) => {
      await site().get(URL);
      expect((await get(control))[0]).toBe('HIT');
      expect((await get(control, { 'x-cache-secret': 'another secret' }))[0]).toBe('HIT');
      expect((await get(control, { pragma: 'no-cache' }))[0]).toBe('HIT');
      expect(origin.runs).toBe(1);
    },
  );

  it.each(['no-cache', 'max-age=0', 'max-age=5', 'min-fresh=55', 'min-fresh=55, max-stale'])(
    '%s of a trusted caller has the response made anew, for everybody',
    async (control) => {
      await site().get(URL);
      site().date.advance(10_000);
      expect(await trusted(control)).toEqual(['MISS', 'Strapi; fwd=request; stored; ttl=60']);
      const next = await site().get(URL);
      expect([next.header('x-cache'), next.json<{ run: number }>().run]).toEqual(['HIT', 2]);
    },
  );

  it.each(['max-age=20', 'min-fresh=40', 'max-stale=5', 'max-age="20"'])(
    '%s of a trusted caller takes what is young enough',
    async (control) => {
      await site().get(URL);
      site().date.advance(10_000);
      expect((await trusted(control))[0]).toBe('HIT');
    },
  );

  it.each<[string, string]>([
    ['no-cache', 'MISS'],
    ['max-age=1000', 'MISS'],
    ['min-fresh=0', 'MISS'],
    ['max-stale=5', 'MISS'],
    ['max-stale=20', 'STALE'],
    ['max-stale', 'STALE'],
    ['max-age=1000, max-stale=20', 'STALE'],
    ['public', 'STALE'],
  ])('%s of a trusted caller, for a response 10 seconds past its lifetime: %s', async (control, outcome) => {
    await site().get(URL);
    site().date.advance(70_000);
    expect((await trusted(control))[0]).toBe(outcome);
  });

  it('max-stale of a trusted caller takes what nobody else is given', async () => {
    await site().get(URL);
    site().date.advance(200_000);
    origin.hold();
    expect((await trusted('max-stale=300'))[0]).toBe('STALE');
    origin.release();
    await until('refreshed', async () => (await get('max-age=1'))[0] === 'HIT');
  });

  it('only-if-cached is answered with 504 where nothing is stored, by anybody, and runs no handler', async () => {
    const answer = await site().get(URL, {
      'cache-control': 'only-if-cached',
      origin: 'https://elsewhere.example',
    });
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ data: null, error: { status: 504, name: 'GatewayTimeoutError' } });
    expect(answer.header('cache-status')).toBe('Strapi; fwd=uri-miss; detail=only-if-cached');
    expect(answer.header('access-control-allow-origin')).toBe('https://elsewhere.example');
    expect(origin.runs).toBe(0);
    const head = await site().send(URL, { method: 'HEAD', headers: { 'cache-control': 'only-if-cached' } });
    expect([head.status, head.body.length]).toEqual([504, 0]);
  });

  it('no-store keeps the response of a miss out of the cache', async () => {
    expect(await get('no-store')).toEqual(['MISS', 'Strapi; fwd=uri-miss; detail=no-store-asked']);
    expect((await site().get(URL)).header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=60');
  });

  it('a named cookie goes past the cache, any other does not', async () => {
    await site().get(URL);
    expect((await site().get(URL, { cookie: 'a=1; preview=yes' })).header('cache-status')).toBe(
      'Strapi; fwd=bypass; detail=cookie',
    );
    expect((await site().get(URL, { cookie: 'a=preview; nopreview=1' })).header('x-cache')).toBe('HIT');
  });
});
