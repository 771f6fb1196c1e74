import type { Core } from '@strapi/strapi';
import { parseDuration } from '../config/units';
import type { StoreStats } from '../core/store';
import type { Explanation } from './explain';
import type { PurgeRecord } from './purge-history';
import type { PurgeRequest, PurgeResult } from './purging';
import { getRuntime } from './runtimes';

export interface CacheOptions {
  /** Seconds, or a text such as `"5 m"`; the plugin's own `ttl` where it is left out. */
  readonly ttl?: number | string;
  /** Names of your own, for `purge({ tags })`. What is read through Strapi needs none. */
  readonly tags?: readonly string[];
}

/** `strapi.plugin('upstash-cache').service('cache')`: the cache for application code. */
export interface CacheService {
  /** Drops entries; resolves when every instance will learn of it, or says that it is not delivered yet. */
  purge(request: PurgeRequest): Promise<PurgeResult>;
  /** The stored value of a key, or what `compute` returns, computed once for all who wait for it. */
  getOrSet<T>(key: string, compute: () => Promise<T> | T, options?: CacheOptions): Promise<T>;
  /** What the cache would do with a GET of a URL, and what the stored response depends on. */
  explain(url: string, authorization?: string): Promise<Explanation>;
  /** The last purges of this process, newest first. */
  history(): readonly Readonly<PurgeRecord>[];
  stats(): StoreStats;
}

export default ({ strapi }: { strapi: Core.Strapi }): CacheService => ({
  purge: (request) => getRuntime(strapi).purging.purge(request),
  getOrSet: (key, compute, options = {}) => {
    const runtime = getRuntime(strapi);
    const ttl = options.ttl === undefined ? runtime.config.ttl : parseDuration(options.ttl);
    if (ttl === null || ttl <= 0)
      throw new Error(
        `getOrSet("${key}"): ttl is ${JSON.stringify(options.ttl)}; allowed: seconds above 0, or "5 m"`,
      );
    // what a value is made of cannot be told, so it is computed each time
    if (!runtime.compatibility.canCache) return Promise.resolve(compute());
    return runtime.appEntries.getOrSet(key, compute, { ttl, tags: options.tags ?? [] });
  },
  explain: (url, authorization) => getRuntime(strapi).explainer.explain(url, authorization),
  history: () => getRuntime(strapi).history.list(),
  stats: () => getRuntime(strapi).store.stats(),
});
