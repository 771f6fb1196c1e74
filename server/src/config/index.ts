import { configSchema, type ResolvedConfig, type UpstashCacheConfig } from './schema';
import { explainIssues } from './explain';

/** Environment variables that users already know, under the options they stand for. */
function fromEnvironment({
  env,
}: {
  env: (name: string) => string | undefined;
}): Partial<UpstashCacheConfig> {
  const given: Partial<UpstashCacheConfig> = {};
  const text = (name: string): string | undefined => env(name)?.trim() || undefined;
  const ttl = text('CACHE_TTL_SECONDS');
  const prefix = text('CACHE_KEY_PREFIX');
  const url = text('UPSTASH_REDIS_REST_URL');
  const token = text('UPSTASH_REDIS_REST_TOKEN');
  if (ttl) given.ttl = /^\d+(\.\d+)?$/.test(ttl) ? Number(ttl) : ttl;
  if (prefix) given.prefix = prefix;
  const redis = text('CACHE_REDIS_URL');
  if (redis) given.redis = { url: redis };
  if (url || token) given.upstash = { ...(url && { url }), ...(token && { token }) };
  return given;
}

/**
 * The configuration in force, frozen.
 * @throws Error that names each wrong option, what was given and what is allowed
 */
export function resolveConfig(input: unknown): ResolvedConfig {
  const result = configSchema.safeParse(input ?? {});
  if (!result.success) {
    throw new Error(
      `wrong options in config/plugins:\n${explainIssues(configSchema, input, result.error.issues)}`,
    );
  }
  return deepFreeze(result.data);
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

export default {
  default: fromEnvironment,
  validator: (input: unknown): void => void resolveConfig(input),
};
