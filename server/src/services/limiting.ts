import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import { RateLimit } from '../core/limits/rate-limit';
import { commandRedis } from '../limiters/command-redis';
import { createLimiter } from '../limiters/insured';
import { RateLimitGate } from '../middlewares/rate-limit';
import { Callers } from '../middlewares/rate-limit-facts';
import type { RemoteDriver } from '../stores/driver';
import type { Principals } from '../strapi/principals';
import type { RouteTable } from '../strapi/route-table';

/** Rate limits of a running application: the arithmetic, and its two places in the stack. */
export interface Limiting {
  readonly limits: RateLimit;
  readonly gate: RateLimitGate;
}

/**
 * @param driver where instances count together; null for the embedded store
 * @returns null when no policy limits anything
 */
export function createLimiting(
  strapi: Core.Strapi,
  config: ResolvedConfig,
  driver: RemoteDriver | null,
  principals: Principals,
  routes: RouteTable,
): Limiting | null {
  const options = config.rateLimit;
  if (!options.enabled || options.policies.length === 0) return null;
  const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
  const digest = (text: string): string => principals.ofCredential(text).slice(0, 22);
  const warn = (message: string): void => void strapi.log.warn(`[upstash-cache] ${message}`);
  const shared = driver && {
    kind: driver.kind,
    redis: commandRedis((args) => driver.command(args, 'lookup'), driver.scriptHead),
  };
  const { outage, maxPartitions } = options;
  const limiter = createLimiter({ shared, outage, maxPartitions, prefix: config.prefix, digest, warn });
  const limits = new RateLimit(options, {
    limiter,
    digest,
    random: Math.random,
    warn,
    defaultPaths: [`${prefix}/**`, '/graphql'],
    contentTypeOf: (_method, path) => {
      const route = routes.find(path);
      return typeof route === 'string' ? null : route.controller;
    },
  });
  return { limits, gate: new RateLimitGate(limits, new Callers(digest), Date.now, warn) };
}
