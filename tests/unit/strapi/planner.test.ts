import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa, { type Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../server/src/config';
import type { UpstashCacheConfig } from '../../../server/src/config/schema';
import { Planner, type CachePlan, type Plan } from '../../../server/src/strapi/plan';
import type { RouteInfo, RouteTable } from '../../../server/src/strapi/route-table';

const article: RouteInfo = {
  template: '/api/articles/:id',
  handler: 'api::article.article.findOne',
  controller: 'api::article.article',
  impure: null,
};

class Rig {
  searched = 0;
  private readonly app = new Koa();
  readonly planner: Planner;

  constructor(
    config: UpstashCacheConfig = {},
    found: Partial<RouteInfo> | string = {},
    strictParams = false,
  ) {
    const routes = {
      find: () => {
        this.searched++;
        return typeof found === 'string' ? found : { ...article, ...found };
      },
    } as unknown as RouteTable;
    this.planner = new Planner(resolveConfig(config), routes, { strictParams, stamp: 'build' });
  }

  plan(url: string): Plan {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.url = url;
    return this.planner.plan(this.app.createContext(request, new ServerResponse(request)) as Context);
  }

  cached(url: string): CachePlan {
    const plan = this.plan(url);
    if (plan.kind === 'bypass') throw new Error(plan.reason);
    return plan;
  }
}

const URL = '/api/articles/7';

describe('a plan', () => {
  it('is made once for a URL', () => {
    const rig = new Rig();
    expect(rig.plan(URL)).toBe(rig.plan(URL));
    expect(rig.searched).toBe(1);
    rig.plan(`${URL}?a=1`);
    expect(rig.searched).toBe(2);
  });

  it('is remembered for as many URLs as an eighth of the memory for entries has room for', () => {
    const remembered = (maxSize: number): boolean => {
      const rig = new Rig({ memory: { maxSize } });
      for (let i = 0; i < 25_000; i++) rig.plan(`${URL}?a=${i}`);
      rig.plan(`${URL}?a=0`);
      return rig.searched === 25_000;
    };
    expect(remembered(64 * 1024 * 1024)).toBe(false);
    expect(remembered(256 * 1024 * 1024 + 1)).toBe(true);
  });

  it.each(['no-route', 'unknown-route'])('says why there is none: %s', (reason) => {
    expect(new Rig({}, reason).plan(URL)).toEqual({ kind: 'bypass', reason });
  });

  it('is not made for a URL that is too long, nor remembered', () => {
    const rig = new Rig({ query: { maxUrlLength: 64 } });
    expect(rig.plan(URL.padEnd(65, 'x'))).toEqual({ kind: 'bypass', reason: 'url-too-long' });
    expect(rig.plan(URL.padEnd(64, 'x')).kind).toBe('cache');
    expect(rig.searched).toBe(1);
  });

  it.each([
    ['a pure route', {}, 'edge'],
    ['a route with policies', { impure: 'policies' }, 'route'],
  ] as const)('looks %s up where it may', (_what, route, lookup) => {
    expect(new Rig({}, route).cached(URL).lookup).toBe(lookup);
  });

  it('looks a pure route up inside where a rule says so', () => {
    const rules = [{ path: URL, lookup: 'route' as const }];
    expect(new Rig({ rules }).cached(URL).lookup).toBe('route');
  });

  it('looks every route up inside once it is told to, also for URLs that it knows', () => {
    const rig = new Rig();
    expect(rig.cached(URL).lookup).toBe('edge');
    rig.planner.lookUpInRoutes('told to');
    expect(rig.cached(URL).lookup).toBe('route');
    expect(rig.planner.reasonOf(rig.cached(URL))).toBe('told to');
  });
});

describe('the rule of a plan', () => {
  it('is the first that fits, in the order of the configuration', () => {
    const rig = new Rig({
      ttl: 1,
      rules: [
        { path: '/api/pages/**', ttl: 2 },
        { handler: 'api::article.article.findOne', ttl: 3 },
        { contentType: 'api::article.article', ttl: 4 },
        { path: '/api/**', ttl: 5 },
      ],
    });
    expect(rig.cached(URL).treatment.storing.ttl).toBe(3000);
  });

  it.each([
    ['its path', { path: '/API/articles/:id/' }],
    ['its handler', { handler: 'api::article.article.findOne' }],
    ['its content type', { contentType: 'api::article.article' }],
  ])('is found by %s', (_by, selector) => {
    expect(new Rig({ rules: [{ ...selector, cache: false }] }).plan(URL)).toMatchObject({
      kind: 'bypass',
      reason: 'rule',
    });
  });

  it.each([
    ['path', { path: '/api/articles' }],
    ['handler', { handler: 'api::article.article.find' }],
    ['content type', { contentType: 'api::article.articles' }],
  ])('is not that of another %s', (_by, selector) => {
    expect(new Rig({ rules: [{ ...selector, cache: false }] }).plan(URL).kind).toBe('cache');
  });

  it('adds its headers to those that Strapi itself answers to, in one order', () => {
    const keyed = (keyedHeaders: string[]) => new Rig({ rules: [{ path: URL, keyedHeaders }] }).cached(URL);
    const wanted = ['accept-language', 'strapi-encode-source-maps', 'strapi-response-format', 'x-shop'];
    expect(keyed(['X-Shop', 'Accept-Language']).treatment.keyedHeaders).toEqual(wanted);
    expect(keyed(['accept-language', 'x-shop', 'X-SHOP']).treatment.keyedHeaders).toEqual(wanted);
  });
});

describe('the query of a plan', () => {
  it('leaves campaigns out, unless unknown parameters are errors', () => {
    expect(new Rig().cached(`${URL}?utm_source=a&fbclid=b`).query).toBe('');
    expect(new Rig({}, {}, true).cached(`${URL}?utm_source=a`).query).not.toBe('');
  });

  it('leaves out what the option names instead', () => {
    const rig = new Rig({ query: { ignore: ['ref'] } }, {}, true);
    expect(rig.cached(`${URL}?ref=a`).query).toBe('');
    expect(rig.cached(`${URL}?utm_source=a`).query).not.toBe('');
  });
});

describe('parameters that nobody foresaw', () => {
  const rig = new Rig({ query: { only: ['populate', 'filters*'] } });

  it('bypass the cache where the option lists the others', () => {
    expect(rig.plan(`${URL}?populate=*&made-up=1`)).toMatchObject({ kind: 'bypass', reason: 'query' });
  });

  it('are not those of campaigns, which are no part of the question', () => {
    expect(rig.plan(`${URL}?populate=*&filters[a]=1&utm_source=x`).kind).toBe('cache');
  });
});

describe('the label of a plan', () => {
  const label = (query: string): string => new Rig().cached(URL + query).label;

  it('is the URL without campaigns', () => {
    expect(label('')).toBe(URL);
    expect(label('?utm_source=a&populate=*&gclid=1')).toBe(`${URL}?populate=*`);
    expect(label('?utm%5Fsource=a')).toBe(URL);
  });

  it.each(['token', 'accessToken', 'client_secret', 'password', 'api-key', 'apiKey', 'signature', 'code'])(
    'shows no value of %s',
    (name) => {
      expect(label(`?a=1&${name}=hidden`)).toBe(`${URL}?a=1&${name}=***`);
    },
  );

  it.each(['filters[resetPasswordToken][$eq]', 'a[b][token]', 'access%54oken', 'p%61ssword'])(
    'shows no value of %s either',
    (name) => {
      expect(label(`?${name}=hidden`)).toBe(`${URL}?${name}=***`);
    },
  );

  it('is cut short', () => {
    expect(label(`?a=${'x'.repeat(1500)}`)).toHaveLength(512);
  });

  it('of a URL that is no valid text is the URL', () => {
    expect(label('?a=%E0%A4%A')).toBe(`${URL}?a=%E0%A4%A`);
  });
});
