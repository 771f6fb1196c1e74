import { afterAll, beforeAll, describe } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { TestRedis } from './bridge';
import { useSite, type Site, type SiteOptions } from './strapi';

export type StoreName = 'memory' | 'upstash' | 'redis';

/** The same tests on a site for each store. The shared ones are tiered: memory over Redis. */
export function onStores(
  names: readonly StoreName[],
  options: SiteOptions & { readonly cache?: UpstashCacheConfig },
  tests: (site: () => Site) => void,
): void {
  describe.each(names)('on the %s store', (name) => {
    let redis: TestRedis | null = null;
    if (name !== 'memory') {
      beforeAll(async () => void (redis = await TestRedis.start()));
      afterAll(async () => redis?.stop());
    }
    tests(useSite(() => ({ ...options, cache: { ...options.cache, ...settings(name, redis) } })));
  });
}

function settings(name: StoreName, redis: TestRedis | null): UpstashCacheConfig {
  if (redis === null) return { store: 'memory' };
  // a deadline that a slow machine keeps
  if (name === 'upstash') return { store: 'upstash', upstash: redis.credentials, deadline: '5 s' };
  return { store: 'redis', redis: { url: redis.redisUrl }, deadline: '5 s' };
}
