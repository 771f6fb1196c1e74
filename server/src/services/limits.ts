import type { Core } from '@strapi/strapi';
import type { Verdict } from '../core/limits/limiter';
import type { WhichPartition } from '../core/limits/rate-limit';
import type { Limiting } from './limiting';
import { getRuntime } from './runtimes';

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
  stats(): ReturnType<Limiting['limits']['stats']>;
}

export default ({ strapi }: { strapi: Core.Strapi }): LimitsService => {
  const limits = (): Limiting['limits'] => {
    const { limiting } = getRuntime(strapi);
    if (!limiting)
      throw new Error('upstash-cache: rateLimit has no policies, so there is nothing to limit or to reset');
    return limiting.limits;
  };
  return {
    limit: async (policy, partition) => limits().limit(policy, partition, Date.now()),
    reset: async (policy, which) =>
      limits().reset(policy, typeof which === 'string' ? { partition: which } : which, Date.now()),
    stats: () => limits().stats(Date.now()),
  };
};
