import type { Limiter } from '../core/limits/limiter';
import type { Digest } from '../core/limits/partition';
import { InsuredLimiter, type OutageMode } from './insured';
import { MemoryLimiter } from './memory';
import { UpstashLimiter } from './upstash';
import type { LimiterRedis } from './command-redis';

export interface LimiterParts {
  readonly outage: { readonly mode: OutageMode; readonly share: number; readonly deadline: number };
  readonly maxPartitions: number;
  /** Where instances count together; null for the embedded mode. */
  readonly shared: { readonly redis: LimiterRedis; readonly kind: 'upstash' | 'redis' } | null;
  /** Begins every key. */
  readonly prefix: string;
  readonly digest: Digest;
  readonly warn: (message: string) => void;
}

/** The limiter of an application: in memory, or in Redis with a local one behind it. Never rejects a request. */
export function createLimiter(parts: LimiterParts): Limiter {
  const { shared, maxPartitions, prefix, digest, warn } = parts;
  const local = new MemoryLimiter(maxPartitions);
  if (shared === null) return local;
  const remote = new UpstashLimiter({ ...shared, prefix, digest, maxPartitions });
  return new InsuredLimiter(remote, local, { ...parts.outage, warn });
}
