import type { Core } from '@strapi/strapi';
import type { Period } from '../core/stats/period';
import type { StatsSnapshot } from '../core/stats/snapshot';
import { summarise, type StatsSummary } from '../core/stats/summary';
import { getRuntime } from './runtimes';

/** `strapi.plugin('upstash-cache').service('stats')`: what the cache has done in this process. */
export interface StatsService {
  /** Everything that was counted, as plain data that can be stored or merged with that of other instances. */
  snapshot(): StatsSnapshot;
  summary(period: Period): StatsSummary;
  /** Bytes that the statistics take. */
  bytes(): number;
}

export default ({ strapi }: { strapi: Core.Strapi }): StatsService => ({
  snapshot: () => getRuntime(strapi).stats.read(Date.now()),
  summary: (period) => summarise(getRuntime(strapi).stats.read(Date.now()), period, Date.now()),
  bytes: () => getRuntime(strapi).stats.bytes,
});
