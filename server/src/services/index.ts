import type { Core } from '@strapi/strapi';
import { parseDuration } from '../config/units';
import type { PolicyStats } from '../core/limits/ledger';
import type { Verdict } from '../core/limits/limiter';
import type { RateLimit, WhichPartition } from '../core/limits/rate-limit';
import type { Period } from '../core/stats/period';
import type { StatsSnapshot } from '../core/stats/snapshot';
import { summarise, type StatsSummary } from '../core/stats/summary';
import type { StoreStats } from '../core/store';
import { explain, type Explanation } from './explain';
import type { PurgeRecord } from './purge-history';
import type { PurgeRequest, PurgeResult } from './purging';
import { getRuntime } from './runtimes';

/** What Strapi hands to whatever a plugin is made of. */
export interface Plugin {
  readonly strapi: Core.Strapi;
}

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

const cache = ({ strapi }: Plugin): CacheService => ({
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
  explain: async (url, authorization) => explain(getRuntime(strapi), url, authorization),
  history: () => getRuntime(strapi).history.list(),
  stats: () => getRuntime(strapi).store.stats(),
});

/** `strapi.plugin('upstash-cache').service('limits')`: the rate limits for application code. */
export interface LimitsService {
  /**
   * Counts one request of a partition against a policy of the configuration.
   * @throws Error for a policy that the configuration does not have
   */
  limit(policy: string, partition: string): Promise<Verdict>;
  /**
   * Gives a partition its whole quota again. A partition of requests is named by what it counts, `ip:203.0.113.7`,
   * `user:5`, `token:3`; one of `limit` as it was given; any by its id in the statistics.
   */
  reset(policy: string, which: string | WhichPartition): Promise<boolean>;
  stats(): PolicyStats[];
}

const limits = ({ strapi }: Plugin): LimitsService => {
  const running = (): RateLimit => {
    const { limiting } = getRuntime(strapi);
    if (!limiting)
      throw new Error('upstash-cache: rateLimit has no policies, so there is nothing to limit or to reset');
    return limiting.limits;
  };
  return {
    limit: async (policy, partition) => running().limit(policy, partition, Date.now()),
    reset: async (policy, which) =>
      running().reset(policy, typeof which === 'string' ? { partition: which } : which, Date.now()),
    stats: () => running().stats(Date.now()),
  };
};

/** `strapi.plugin('upstash-cache').service('stats')`: what the cache has done in this process. */
export interface StatsService {
  /** Everything that was counted, as plain data that can be stored or merged with that of other instances. */
  snapshot(): StatsSnapshot;
  summary(period: Period): StatsSummary;
  /** Bytes that the statistics take. */
  bytes(): number;
}

const stats = ({ strapi }: Plugin): StatsService => ({
  snapshot: () => getRuntime(strapi).stats.read(Date.now()),
  summary: (period) => summarise(getRuntime(strapi).stats.read(Date.now()), period, Date.now()),
  bytes: () => getRuntime(strapi).stats.bytes,
});

/** What applications call. */
export default { cache, limits, stats };
