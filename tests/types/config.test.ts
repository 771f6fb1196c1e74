import { describe, expectTypeOf, it } from 'vitest';
import type plugin from '../../server/src';
import type { CacheService, LimitsService, PurgeRequest, UpstashCacheConfig } from '../../server/src';

/** Compiles only if the value is a configuration. */
const config = (value: UpstashCacheConfig): UpstashCacheConfig => value;

describe('the type of the configuration', () => {
  it('needs nothing', () => {
    expectTypeOf<Record<never, never>>().toExtend<UpstashCacheConfig>();
    config({});
  });

  it('takes every option', () => {
    config({
      enabled: true,
      ttl: '5 m',
      prefix: 'shop',
      store: 'auto',
      memory: { maxSize: '64 MB' },
      maxEntrySize: 1024,
      upstash: { url: 'https://a', token: 'b' },
      redis: { url: 'redis://localhost' },
      lease: 1,
      deadline: '250 ms',
      lookup: 'route',
      query: { ignore: ['utm_*'], maxUrlLength: 2048 },
      headers: { xCache: true, cacheStatus: false },
      compression: { enabled: true, minSize: '1 KB', codings: ['br'] },
      downstream: {
        browser: 0,
        cdn: { ttl: '5 m', staleWhileRevalidate: 60, staleIfError: '1 h' },
        tagHeaders: ['Cache-Tag', 'Surrogate-Key', 'Cache-Groups'],
        maxTagLength: '2 KB',
        webhooks: [{ url: 'https://a', secret: 'b', paths: true }],
      },
      events: { hits: true, fills: true, purges: true },
      warmUp: {
        enabled: true,
        count: 50,
        concurrency: 2,
        perSecond: 10,
        afterPurge: true,
        afterStart: false,
      },
      rateLimit: { policies: [{ name: 'burst', quota: 10, window: '1 s' }] },
      rules: [
        { contentType: 'api::article.article', ttl: 60, callers: 'role' },
        { path: '/api/search/**', cache: false },
        { handler: 'api::article.article.find', keyedHeaders: ['accept-language'], lookup: 'route' },
      ],
    });
  });

  it('rejects an option that does not exist', () => {
    // @ts-expect-error the option is called rules
    config({ rulez: [] });
    // @ts-expect-error the option is called maxSize
    config({ memory: { maxsize: '64 MB' } });
    // @ts-expect-error the option is called keyedHeaders
    config({ rules: [{ path: '/api/a', keydHeaders: ['a'] }] });
  });

  it('rejects a value of another type', () => {
    // @ts-expect-error neither a number nor a text
    config({ ttl: true });
    // @ts-expect-error a boolean
    config({ enabled: 'yes' });
    // @ts-expect-error an object
    config({ memory: '64 MB' });
    // @ts-expect-error a list
    config({ rules: { path: '/api/a' } });
    // @ts-expect-error a number
    config({ query: { maxUrlLength: '2048' } });
    // @ts-expect-error texts
    config({ query: { ignore: [/utm_.*/] } });
  });

  it('rejects a word that is no choice', () => {
    // @ts-expect-error there is no such store
    config({ store: 'disk' });
    // @ts-expect-error there is no such place
    config({ lookup: 'edge' });
    // @ts-expect-error there are no such callers
    config({ rules: [{ path: '/api/a', callers: 'everyone' }] });
    // @ts-expect-error there is no such place for a rule either
    config({ rules: [{ path: '/api/a', lookup: 'edge' }] });
  });

  it('rejects a rate limit without a window', () => {
    // @ts-expect-error a policy has a window
    config({ rateLimit: { policies: [{ name: 'burst', quota: 10 }] } });
  });
});

describe('what application code gets', () => {
  it('is a plugin as Strapi loads it', () => {
    expectTypeOf<typeof plugin>().toHaveProperty('register').toBeFunction();
    expectTypeOf<typeof plugin>().toHaveProperty('config').toHaveProperty('validator');
  });

  it('returns from getOrSet what compute returns', () => {
    const getOrSet = ((_key: string, compute: () => unknown) =>
      compute()) as unknown as CacheService['getOrSet'];
    expectTypeOf(getOrSet('rates', async () => ({ eur: 1 }))).resolves.toEqualTypeOf<{ eur: number }>();
    expectTypeOf(getOrSet('count', () => 1)).resolves.toBeNumber();
    // @ts-expect-error an option that does not exist
    void getOrSet('count', () => 1, { tag: 'a' });
  });

  it('purges by what a purge can be', () => {
    expectTypeOf<{ tags: string[] }>().toExtend<PurgeRequest>();
    expectTypeOf<{ all: true }>().toExtend<PurgeRequest>();
    expectTypeOf<{ all: false }>().not.toExtend<PurgeRequest>();
    expectTypeOf<{ types: string }>().not.toExtend<PurgeRequest>();
    expectTypeOf<{ documents: { uid: string }[] }>().not.toExtend<PurgeRequest>();
  });

  it('counts against a policy by name and partition', () => {
    expectTypeOf<LimitsService['limit']>().parameters.toEqualTypeOf<[policy: string, partition: string]>();
  });
});
