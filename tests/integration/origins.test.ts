import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from 'koa';
import { lastingFields, type Answer } from '../support/http';
import { useSite, type MiddlewareEntry, type Site } from '../support/strapi';
import { purgeAll } from '../support/content';

const URL = '/api/tags';
const FRIEND = 'https://friend.example';
const STRANGER = 'https://stranger.example';

const withCors =
  (config: object) =>
  (entries: MiddlewareEntry[]): MiddlewareEntry[] =>
    entries.map((entry) => (entry === 'strapi::cors' ? { name: 'strapi::cors', config } : entry));

/** The answer of the application itself: the cache is told not to touch this URL. */
const uncached = (site: Site, headers: Record<string, string>): Promise<Answer> =>
  site.get(URL, { ...headers, range: 'bytes=0-' });

/** Stored answers vary by `Accept-Encoding` as well: encoded-entries.test.ts. */
const originFields = (answer: Answer): string[] =>
  lastingFields(answer)
    .filter((field) => /^(access-control-|vary)/i.test(field))
    .map((field) => field.replace(/, Accept-Encoding$/, ''))
    .map((field) => field.replace(/^(vary: .*), Authorization$/i, '$1')); // the cache's own addition

const variants = [
  { name: 'that reflects every origin, as by default', config: {}, allowed: FRIEND, stranger: STRANGER },
  {
    name: 'that allows a list of origins',
    config: { origin: [FRIEND], expose: ['X-Total'], credentials: true },
    allowed: FRIEND,
    stranger: undefined,
  },
  {
    name: 'that asks a function for each request',
    config: {
      origin: (ctx: Context) => (ctx.get('origin').startsWith('https://friend') ? ctx.get('origin') : 'null'),
      credentials: false,
    },
    allowed: FRIEND,
    stranger: undefined,
  },
];

describe.each(variants)('a hit on a site $name', ({ config, allowed, stranger }) => {
  const site = useSite({ middlewares: withCors(config) });
  beforeEach(() => purgeAll(site().strapi));

  it.each([
    ['of the first caller', FRIEND, FRIEND],
    ['of the second caller', undefined, FRIEND],
    ['of nobody', undefined, undefined],
    ['of the first caller only', FRIEND, undefined],
    ['of a stranger first', STRANGER, FRIEND],
    ['of a stranger second', FRIEND, STRANGER],
  ])('carries the origin fields that the application gives: origin %s', async (_whose, first, second) => {
    const headers = (origin: string | undefined): Record<string, string> => (origin ? { origin } : {});
    const miss = await site().get(URL, headers(first));
    expect(miss.header('x-cache')).toBe('MISS');
    expect(originFields(miss)).toEqual(originFields(await uncached(site(), headers(first))));
    const hit = await site().get(URL, headers(second));
    expect(hit.header('x-cache')).toBe('HIT');
    expect(originFields(hit)).toEqual(originFields(await uncached(site(), headers(second))));
    expect(hit.body.equals(miss.body)).toBe(true);
  });

  it('names the origin that may read it', async () => {
    await site().get(URL);
    const own = await site().get(URL, { origin: FRIEND });
    const other = await site().get(URL, { origin: STRANGER });
    expect(own.header('access-control-allow-origin')).toBe(allowed);
    expect(other.header('access-control-allow-origin')).toBe(stranger);
    expect([own, other].map((it) => it.header('x-cache'))).toEqual(['HIT', 'HIT']);
  });

  it('has all fields of the miss with the same origin', async () => {
    const miss = await site().get(URL, { origin: FRIEND });
    const hit = await site().get(URL, { origin: FRIEND });
    expect(lastingFields(hit)).toEqual(lastingFields(miss));
  });

  it('leaves preflights to the application', async () => {
    const preflight = await site().send(URL, {
      method: 'OPTIONS',
      headers: { origin: FRIEND, 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.header('access-control-allow-methods')).toContain('GET');
    expect(preflight.header('x-cache')).toBeUndefined();
  });
});
