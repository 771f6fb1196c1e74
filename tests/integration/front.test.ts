import type { Middleware } from 'koa';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tokens } from '../support/credentials';
import { purgeAll } from '../support/content';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { lastingFields } from '../support/http';
import { runtimeOf } from '../support/runtime';
import { useSite } from '../support/strapi';

const URL = '/api/articles?populate=*&sort=title';
const ORIGIN = { origin: 'https://site.example' };
const TOKEN = { authorization: `Bearer ${tokens.readOnly.key}` };

/** Counts the requests for which Koa makes a context: what is written before it makes none. */
function contextsOf(app: { createContext: (...args: never[]) => unknown }): { count: number } {
  const seen = { count: 0 };
  const { createContext } = app;
  app.createContext = (...args: never[]) => {
    seen.count++;
    return createContext.apply(app, args);
  };
  return seen;
}

describe('a plain hit', () => {
  const site = useSite();
  let contexts: { count: number };
  beforeEach(async () => {
    await purgeAll(site().strapi);
    contexts = contextsOf(site().strapi.server.app as never);
  });

  const askedKoa = async (headers: Record<string, string>): Promise<boolean> => {
    const before = contexts.count;
    const answer = await site().get(URL, headers);
    expect(answer.status).toBeLessThan(400);
    return contexts.count > before;
  };

  it.each([
    ['of the public', {}],
    ['of an API token', TOKEN],
  ])('%s is written before Koa is asked', async (_who, headers) => {
    expect(await askedKoa(headers)).toBe(true);
    expect(await askedKoa(headers)).toBe(false);
  });

  it('for an origin is written before Koa is asked, once the application has said what it thinks of it', async () => {
    const first = await site().get(URL, ORIGIN);
    await site().get(URL, ORIGIN);
    expect(await askedKoa(ORIGIN)).toBe(false);
    const answer = await site().get(URL, ORIGIN);
    expect(answer.header('access-control-allow-origin')).toBe(ORIGIN.origin);
    expect(lastingFields(answer)).toEqual(lastingFields(first));
  });

  it.each([
    ['a part of it', { range: 'bytes=0-10' }],
    ['whether it has changed', { 'if-none-match': '"x"' }],
    ['a checked answer', { 'cache-control': 'no-cache' }],
  ])('is left to the stack when somebody asks for %s', async (_what, headers) => {
    await askedKoa({});
    expect(await askedKoa(headers)).toBe(true);
  });

  it('is not written any more once it was purged', async () => {
    await askedKoa({});
    await purgeAll(site().strapi);
    expect(await askedKoa({})).toBe(true);
  });
});

describe('a hit behind a rate limit', () => {
  const site = useSite({
    cache: { rateLimit: { policies: [{ name: 'few', quota: 3, window: ENDLESS_WINDOW }] } },
  });

  it('counts once, tells what is left, and is refused through the stack', async () => {
    const contexts = contextsOf(site().strapi.server.app as never);
    const remaining: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) remaining.push((await site().get(URL)).header('x-ratelimit-remaining'));
    expect(remaining).toEqual(['2', '1', '0']);
    expect(contexts.count).toBe(1); // the miss
    const refused = await site().get(URL, ORIGIN);
    expect(refused.status).toBe(429);
    expect(refused.header('access-control-allow-origin')).toBe(ORIGIN.origin);
  });
});

describe('a hit on a site with a middleware of its own in front of the cache', () => {
  let seen = 0;
  const counting: Middleware = (_ctx, next) => {
    seen++;
    return next() as Promise<unknown>;
  };
  const site = useSite({
    register: ({ strapi }) => void strapi.server.app.middleware.unshift(counting as never),
  });

  it('runs through it', async () => {
    await site().get(URL);
    const before = seen;
    const hit = await site().get(URL);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(seen).toBe(before + 1);
  });
});

describe('an error while a hit is looked up', () => {
  const site = useSite();

  it('leaves the request to the stack and does not end the process', async () => {
    await site().get(URL);
    const look = vi.spyOn(runtimeOf(site().strapi).store, 'here').mockImplementationOnce(() => {
      throw new Error('made for this test');
    });
    const answer = await site().get(URL);
    expect(look).toHaveBeenCalled();
    expect(answer.status).toBe(200);
    expect(answer.header('x-cache')).toBe('HIT');
  });
});
