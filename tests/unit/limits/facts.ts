import { RateLimit, type RateLimitDeps } from '../../../server/src/core/limits/rate-limit';
import type { RequestFacts } from '../../../server/src/core/limits/request-facts';
import { rateLimitSchema, type RateLimitConfig } from '../../../server/src/config/rate-limit-schema';
import { MemoryLimiter } from '../../../server/src/limiters/memory';

export const NOW = 1_800_000_000_000;

export const facts = (
  more: Partial<Omit<RequestFacts, 'header'>> & { headers?: Record<string, string> } = {},
): RequestFacts => ({
  method: 'GET',
  path: '/api/articles',
  address: '203.0.113.7',
  preflight: false,
  caller: null,
  header: (name) => more.headers?.[name],
  ...more,
});

export const digest = (text: string): string =>
  `#${[...text].reduce((sum, it) => sum * 31 + it.charCodeAt(0), 7) % 1e9}`;

export function rateLimit(config: RateLimitConfig, deps: Partial<RateLimitDeps> = {}): RateLimit {
  return new RateLimit(rateLimitSchema.parse(config), {
    limiter: new MemoryLimiter(),
    digest,
    random: () => 0,
    warn: () => undefined,
    defaultPaths: ['/api/**', '/graphql'],
    contentTypeOf: () => null,
    ...deps,
  });
}
