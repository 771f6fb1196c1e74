import type { Core } from '@strapi/strapi';
import type { Context, Middleware, Next } from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import { documents, purgeAll } from '../support/content';
import { lastingFields, type Answer } from '../support/http';
import { addRoutes, readTags } from '../support/routes';
import { startSite, useSite, type MiddlewareEntry, type Site } from '../support/strapi';

/** A middleware of an application: counts requests and leaves its mark on each answer. */
class Counter {
  seen = 0;
  readonly middleware: Middleware = async (ctx: Context, next: Next) => {
    const number = ++this.seen;
    await next();
    ctx.set('X-Counted', String(number));
  };
}

const setMiddleware = (strapi: Core.Strapi, uid: string, middleware: Middleware): void =>
  void (strapi.get('middlewares') as { set(uid: string, factory: unknown): void }).set(uid, () => middleware);

const placedLine = (site: Site): string | undefined =>
  site.log.filter((line) => line.includes('[upstash-cache]') && line.includes('lookup')).join('\n');

const before = (entries: MiddlewareEntry[], name: string, added: MiddlewareEntry): MiddlewareEntry[] =>
  entries.flatMap((entry) => (entry === name ? [added, entry] : [entry]));

const URL = '/api/tags';
const missThenHit = async (site: Site, headers: Record<string, string> = {}): Promise<Answer[]> => {
  const answers = [await site.get(URL, headers), await site.get(URL, headers)];
  expect(answers.map((it) => it.header('x-cache'))).toEqual(['MISS', 'HIT']);
  return answers;
};

describe("with Strapi's own middlewares only, the lookup is outermost", () => {
  const site = useSite();

  it('and says so in one line at start', async () => {
    await site().get(URL);
    expect(placedLine(site())).toMatch(
      /^info: \[upstash-cache\] memory store, ttl 3600 s, lookup outermost \(only Strapi's own middlewares are installed\); \d+ GET routes are pure; 2 with policies or middlewares of their own are looked up inside of the route$/,
    );
  });
});

describe('a second Strapi in one process, after the first was stopped', () => {
  const first = useSite();

  it('is looked up outermost as well, by its own cache', async () => {
    await missThenHit(first());
    const line = placedLine(first())?.replace(/^.*outermost/, '');
    await first().stop();
    const second = await startSite();
    try {
      await missThenHit(second);
      expect(placedLine(second)?.replace(/^.*outermost/, '')).toBe(line);
    } finally {
      await second.stop();
    }
  });
});

describe('with a global middleware of the application, the lookup is behind it', () => {
  const counter = new Counter();
  const site = useSite({
    register: ({ strapi }) => setMiddleware(strapi, 'global::counter', counter.middleware),
    middlewares: (entries) => before(entries, 'strapi::query', 'global::counter'),
  });
  beforeEach(() => purgeAll(site().strapi));

  it('and says which one', async () => {
    await site().get(URL);
    expect(placedLine(site())).toContain('lookup late (behind global::counter)');
  });

  it('so that it runs on hits, and its mark is that of the request', async () => {
    const [miss, hit] = await missThenHit(site());
    expect([miss?.header('x-counted'), hit?.header('x-counted')]).toEqual([
      String(counter.seen - 1),
      String(counter.seen),
    ]);
  });

  it('and the rest of a hit is as on the miss', async () => {
    const [miss, hit] = await missThenHit(site(), { origin: 'https://a.example' });
    const without = (answer: Answer | undefined): string[] =>
      lastingFields(answer as Answer).filter((field) => !field.startsWith('X-Counted'));
    expect(without(hit)).toEqual(without(miss));
    expect(hit?.body.equals(miss?.body ?? Buffer.alloc(0))).toBe(true);
  });

  it('and Strapi logs the hit like any request', async () => {
    await missThenHit(site());
    expect(site().log.filter((line) => line.startsWith('http: GET /api/tags'))).not.toHaveLength(0);
  });
});

describe('with strapi::ip, the lookup is behind it', () => {
  const site = useSite({
    server: { proxy: { koa: true } },
    middlewares: (entries) => [{ name: 'strapi::ip', config: { whitelist: ['10.0.0.1'] } }, ...entries],
  });

  it('so that an address that is not allowed gets nothing, cached or not', async () => {
    await missThenHit(site(), { 'x-forwarded-for': '10.0.0.1' });
    const refused = await site().get(URL, { 'x-forwarded-for': '10.0.0.2' });
    expect(refused.status).toBe(403);
    expect(refused.header('x-cache')).not.toBe('HIT');
    expect(placedLine(site())).toContain('behind strapi::ip');
  });
});

describe('with a middleware that was added at register', () => {
  const counter = new Counter();
  const site = useSite({
    register: ({ strapi }: { strapi: Core.Strapi }) => void strapi.server.use(counter.middleware),
  });

  it('the lookup is behind it', async () => {
    const [, hit] = await missThenHit(site());
    expect(hit?.header('x-counted')).toBe('2');
    expect(placedLine(site())).toContain('lookup late (behind a middleware added at register');
  });
});

describe('with a middleware that was added at bootstrap', () => {
  const counter = new Counter();
  let refuse = false;
  const site = useSite({
    bootstrap: ({ strapi }: { strapi: Core.Strapi }) => {
      strapi.server.use(async (ctx: Context, next: Next) => {
        if (refuse) return ctx.throw(403);
        return counter.middleware(ctx as never, next);
      });
    },
  });

  it('all lookups are behind it, inside of the routes', async () => {
    const [, hit] = await missThenHit(site());
    expect(hit?.header('x-counted')).toBe('2');
    expect(placedLine(site())).toMatch(
      /lookup inside of every route \(behind a middleware added at bootstrap \(.+\)\); \d+ GET routes are pure$/,
    );
  });

  it('who is refused by it gets nothing from the cache', async () => {
    await missThenHit(site(), { origin: 'https://b.example' }).catch(() => undefined);
    refuse = true;
    const refused = await site().get(URL);
    refuse = false;
    expect(refused.status).toBe(403);
    expect((await site().get(URL)).header('x-cache')).toBe('HIT');
  });

  it('a write is still answered when its purges are done, and changes what is read next', async () => {
    const service = documents(site().strapi, 'api::tag.tag');
    const { documentId } = await service.create({ data: { name: 'Seen', slug: 'seen' } });
    expect((await site().get(URL)).header('x-cache')).toBe('MISS');
    await service.delete({ documentId });
    expect((await site().get(URL)).header('x-cache')).toBe('MISS');
  });
});

describe('with an entry that another plugin has added to config.middlewares after this one', () => {
  const counter = new Counter();
  const site = useSite({
    register: ({ strapi }) => {
      setMiddleware(strapi, 'global::counter', counter.middleware);
      strapi.hook('strapi::content-types.afterSync').register(async () => {
        const entries = strapi.config.get<MiddlewareEntry[]>('middlewares');
        strapi.config.set('middlewares', [...entries, 'global::counter']);
      });
    },
  });

  it('all lookups are behind it, inside of the routes', async () => {
    const [, hit] = await missThenHit(site());
    expect(hit?.header('x-counted')).toBe('2');
    expect(placedLine(site())).toContain('lookup inside of every route (behind global::counter)');
  });
});

describe('with a session that has a store', () => {
  const sessions = new Map<string, { visits?: number }>();
  const store = {
    get: async (key: string) => sessions.get(key),
    set: async (key: string, session: { visits?: number }) => void sessions.set(key, { ...session }),
    destroy: async (key: string) => void sessions.delete(key),
  };
  const site = useSite({
    middlewares: (entries) =>
      entries.map((entry) =>
        entry === 'strapi::session' ? { name: 'strapi::session', config: { store, rolling: true } } : entry,
      ),
    register: ({ strapi }) =>
      addRoutes(strapi, 'visits', [
        {
          path: '/visits',
          handler: async (ctx) => {
            const session = ctx.session as { visits?: number };
            session.visits = (session.visits ?? 0) + 1;
            return { visits: session.visits, tags: await readTags(strapi) };
          },
        },
      ]),
  });

  const cookieOf = ({ fields }: Answer): string =>
    fields.flatMap(([name, value]) => (/^set-cookie$/i.test(name) ? [value.split(';')[0]] : [])).join('; ');

  it('an answer that was made of it is not stored', async () => {
    const first = await site().get('/api/visits');
    const second = await site().get('/api/visits', { cookie: cookieOf(first) });
    expect([first, second].map((it) => it.json<{ visits: number }>().visits)).toEqual([1, 2]);
    expect(first.header('cache-status')).toContain('header cookie');
  });

  it('hits of others leave it to renew its cookie', async () => {
    const cookie = cookieOf(await site().get('/api/visits'));
    await site().get(URL);
    const hit = await site().get(URL, { cookie });
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.header('set-cookie')).toContain('koa.sess=');
    expect((await site().get(URL)).header('set-cookie')).toBeUndefined();
  });
});

describe('with a middleware on the router', () => {
  let refuse = false;
  const site = useSite({
    bootstrap: ({ strapi }) => {
      strapi.server.router.use(async (ctx: Context, next: Next) => {
        if (refuse) return ctx.throw(403);
        return next();
      });
    },
  });

  it('the lookup is behind it, inside of the route', async () => {
    await missThenHit(site());
    refuse = true;
    const refused = await site().get(URL);
    refuse = false;
    expect(refused.status).toBe(403);
  });
});

describe('a route with a policy is looked up inside, after it', () => {
  const site = useSite();
  const MEMBERS = '/api/members/articles';

  it('so that who is refused gets nothing from the cache', async () => {
    const member = { 'x-member': 'yes' };
    const miss = await site().get(MEMBERS, member);
    const hit = await site().get(MEMBERS, member);
    expect([miss, hit].map((it) => it.header('x-cache'))).toEqual(['MISS', 'HIT']);
    expect((await site().get(MEMBERS)).status).toBe(403);
    expect((await site().get(MEMBERS, member)).header('x-cache')).toBe('HIT');
  });

  it('and a hit is as the miss, with an origin too', async () => {
    await purgeAll(site().strapi);
    const headers = { 'x-member': 'yes', origin: 'https://a.example' };
    const miss = await site().get(MEMBERS, headers);
    const hit = await site().get(MEMBERS, headers);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.header('access-control-allow-origin')).toBe('https://a.example');
    expect(lastingFields(hit)).toEqual(lastingFields(miss));
    expect(hit.body.equals(miss.body)).toBe(true);
  });

  it('and answers HEAD from the entry', async () => {
    const headers = { 'x-member': 'yes' };
    await site().get(MEMBERS, headers);
    const hit = await site().get(MEMBERS, headers);
    const head = await site().send(MEMBERS, { method: 'HEAD', headers });
    expect(head.header('x-cache')).toBe('HIT');
    expect(head.body).toHaveLength(0);
    expect(lastingFields(head)).toEqual(lastingFields(hit));
  });
});

describe('a route with middlewares of its own', () => {
  const counter = new Counter();
  const site = useSite({
    register: ({ strapi }) => {
      const handler = async () => ({ tags: await readTags(strapi) });
      const tenant: Middleware = (ctx, next) => {
        (ctx.state as { tenant?: unknown }).tenant = ctx.get('x-tenant');
        return next();
      };
      const unspeakable: Middleware = (ctx, next) => {
        (ctx.state as { helper?: unknown }).helper = () => 1;
        return next();
      };
      addRoutes(strapi, 'impure', [
        { path: '/counted', handler, middlewares: [counter.middleware] },
        { path: '/tenant', handler, middlewares: [tenant] },
        { path: '/unspeakable', handler, middlewares: [unspeakable] },
      ]);
    },
  });

  it('is looked up behind them, and their marks are not stored', async () => {
    const answers = [await site().get('/api/counted'), await site().get('/api/counted')];
    expect(answers.map((it) => it.header('x-cache'))).toEqual(['MISS', 'HIT']);
    expect(answers.map((it) => it.header('x-counted'))).toEqual(['1', '2']);
  });

  it('is not looked up inside either, when its URL is too long', async () => {
    const url = '/api/counted?n='.padEnd(3000, 'x');
    await site().get(url);
    const again = await site().get(url);
    expect(again.header('cache-status')).toBe('Strapi; fwd=bypass; detail=url-too-long');
  });

  it('has entries by what they left in the request state', async () => {
    const outcome = async (tenant: string) =>
      (await site().get('/api/tenant', { 'x-tenant': tenant })).header('x-cache');
    expect([await outcome('a'), await outcome('b'), await outcome('a'), await outcome('b')]).toEqual([
      'MISS',
      'MISS',
      'HIT',
      'HIT',
    ]);
  });

  it('is not cached when that cannot be written down', async () => {
    const answer = await site().get('/api/unspeakable');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=bypass; detail=state');
  });
});

describe('what a global middleware leaves in the request state', () => {
  const site = useSite({
    register: ({ strapi }) =>
      setMiddleware(strapi, 'global::tenant', (ctx, next) => {
        (ctx.state as { tenant?: unknown }).tenant = { name: ctx.get('x-tenant') };
        return next();
      }),
    middlewares: (entries) => ['global::tenant', ...entries],
  });

  it('is part of the key', async () => {
    const outcome = async (tenant: string) =>
      (await site().get(URL, { 'x-tenant': tenant })).header('x-cache');
    expect([await outcome('a'), await outcome('b'), await outcome('a')]).toEqual(['MISS', 'MISS', 'HIT']);
  });
});

describe('the option lookup', () => {
  it.each([
    ['lookup', { lookup: 'edge' }],
    ['rules[0].lookup', { rules: [{ path: '/api/tags', lookup: 'edge' }] }],
  ])('%s does not know "edge" any more, and says so', async (option, cache) => {
    await expect(startSite({ cache: cache as never })).rejects.toThrow(
      `${option}: got "edge" (string); allowed: "auto" or "route" ("edge" was removed in version 0.2)`,
    );
  });

  describe('route', () => {
    const site = useSite({ cache: { lookup: 'route' } });

    it('looks up inside of every route, where Strapi has logged and authenticated', async () => {
      const [miss, hit] = await missThenHit(site(), { origin: 'https://a.example' });
      expect(lastingFields(hit as Answer)).toEqual(lastingFields(miss as Answer));
      expect(hit?.body.equals(miss?.body ?? Buffer.alloc(0))).toBe(true);
      expect(site().log.filter((line) => line.startsWith('http: GET /api/tags'))).toHaveLength(2);
      expect(placedLine(site())).toContain('lookup inside of every route (the lookup option)');
    });
  });

  describe('route, of a rule', () => {
    const site = useSite({ cache: { rules: [{ path: '/api/tags', lookup: 'route' }] } });

    it('looks up inside of the routes that the rule is for', async () => {
      await missThenHit(site());
      await site().get('/api/articles');
      await site().get('/api/articles');
      const logged = (path: string) => site().log.filter((line) => line.startsWith(`http: GET ${path}`));
      expect([logged('/api/tags').length, logged('/api/articles').length]).toEqual([2, 1]);
    });
  });
});
