import { z } from 'zod';
import { CODINGS } from '../core/coding';
import { pathPatternProblem } from '../core/path-pattern';
import { allowed, duration, flag, size } from './fields';
import { downstreamSchema, eventsSchema, ruleDownstream, warmUpSchema } from './downstream-schema';
import { cookieName, count, softPurgeProblem, statusTtl, trustedCaller } from './staleness';
import { rateLimitSchema } from './rate-limit-schema';

const path = z
  .string(allowed('a path pattern such as "/api/articles/:id" or "/api/search/**"'))
  .superRefine((value, context) => {
    const problem = pathPatternProblem(value);
    if (problem)
      context.addIssue({ code: 'custom', message: `a path pattern such as "/api/articles/:id": ${problem}` });
  });

const uid = z
  .string(allowed('a content type uid such as "api::article.article"'))
  .regex(
    /^(api|plugin|admin)::[\w-]+\.[\w-]+$/,
    allowed('a content type uid such as "api::article.article"'),
  );

const handler = z
  .string(allowed('a handler such as "api::article.article.findOne"'))
  .regex(
    /^(api|plugin)::[\w-]+\.[\w-]+\.[\w-]+$/,
    allowed('a handler such as "api::article.article.findOne"'),
  );

const headerName = z
  .string(allowed('a request header name such as "accept-language"'))
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, allowed('a request header name such as "accept-language"'))
  .transform((name) => name.toLowerCase());

const queryName = z
  .string(allowed('a query parameter name, or a prefix and "*", such as "utm_*"'))
  .regex(/^[^*\s]+\*?$|^\*$/, allowed('a query parameter name, or a prefix and "*", such as "utm_*"'));

const lookup = z.enum(['auto', 'route'], allowed('"auto" or "route" ("edge" was removed in version 0.2)'));

const rule = z
  .strictObject(
    {
      contentType: uid.optional(),
      path: path.optional(),
      handler: handler.optional(),
      cache: flag.optional(),
      ttl: duration(1).optional(),
      keyedHeaders: z.array(headerName, allowed('a list of request header names')).optional(),
      callers: z
        .enum(['each', 'role', 'public', 'none'], allowed('"each", "role", "public" or "none"'))
        .optional(),
      lookup: lookup.optional(),
      downstream: ruleDownstream.optional(),
      staleWhileRevalidate: duration(0).optional(),
      staleIfError: duration(0).optional(),
      softPurge: flag.optional(),
      statusTtl: statusTtl.optional(),
    },
    allowed('an object such as { contentType: "api::article.article", ttl: "5 m" }'),
  )
  .refine(
    (value) => [value.contentType, value.path, value.handler].filter((it) => it !== undefined).length === 1,
    allowed('exactly one of contentType, path or handler, saying which responses the rule is for'),
  );

export const TRACKING_PARAMETERS = [
  'utm_*',
  'fbclid',
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'msclkid',
  'mc_cid',
  'mc_eid',
  '_ga',
  '_gl',
];

const section = <S extends z.ZodRawShape>(shape: S, names: string) =>
  z.strictObject(shape, allowed(`an object with ${names}`));

/** Type, validator and defaults of everything that may stand in `config/plugins.ts`. */
export const configSchema = section(
  {
    enabled: flag.default(true),
    ttl: duration(1).prefault(3600),
    prefix: z
      .string(allowed('letters, digits, "-", "_", "." and ":", 1 to 64 of them'))
      .regex(/^[\w.:-]{1,64}$/, allowed('letters, digits, "-", "_", "." and ":", 1 to 64 of them'))
      .default('strapi'),
    staleWhileRevalidate: duration(0).prefault(0),
    staleIfError: duration(0).prefault(0),
    maxRefreshes: count(1, 1000).default(8),
    statusTtl: statusTtl.prefault({}),
    store: z
      .enum(['auto', 'memory', 'upstash', 'redis'], allowed('"auto", "memory", "upstash" or "redis"'))
      .default('auto'),
    memory: section({ maxSize: size(65_536).prefault('64 MB') }, 'maxSize').prefault({}),
    maxEntrySize: size(1).prefault('1 MB'),
    upstash: section(
      {
        url: z.string(allowed('the REST URL of the database, https://...')).optional(),
        token: z.string(allowed('the REST token of the database')).optional(),
      },
      'url and token',
    ).prefault({}),
    redis: section(
      { url: z.string(allowed('an address such as "redis://localhost:6379" or "rediss://..."')).optional() },
      'url',
    ).prefault({}),
    lease: duration(0).prefault(1),
    deadline: duration(1).prefault('250 ms'),
    lookup: lookup.default('auto'),
    trustedCaller: trustedCaller.optional(),
    bypassCookies: z.array(cookieName, allowed('a list of cookie names')).default([]),
    maxVariants: count(1, 1000).default(16),
    query: section(
      {
        ignore: z
          .array(queryName, allowed('a list of query parameter names such as ["utm_*", "ref"]'))
          .optional(),
        only: z
          .array(
            queryName,
            allowed('a list of query parameter names such as ["populate", "filters", "sort"]'),
          )
          .min(1, allowed('a list of at least one query parameter name'))
          .optional(),
        maxUrlLength: z
          .int(allowed('a whole number of characters from 64 to 16384'))
          .min(64, allowed('a whole number of characters from 64 to 16384'))
          .max(16_384, allowed('a whole number of characters from 64 to 16384'))
          .default(2048),
      },
      'ignore, only and maxUrlLength',
    ).prefault({}),
    compression: section(
      {
        enabled: flag.default(true),
        minSize: size(1).prefault('1 KB'),
        codings: z
          .array(z.enum(CODINGS, allowed('"br" or "gzip"')), allowed('a list of "br" and "gzip"'))
          .min(1, allowed('a list of "br" and "gzip"; to send bodies as they are, set enabled to false'))
          .default([...CODINGS]),
      },
      'enabled, minSize and codings',
    ).prefault({}),
    headers: section(
      { xCache: flag.default(true), cacheStatus: flag.default(true), debug: headerName.optional() },
      'xCache, cacheStatus and debug',
    ).prefault({}),
    downstream: downstreamSchema,
    events: eventsSchema,
    warmUp: warmUpSchema,
    api: section({ enabled: flag.default(false) }, 'enabled').prefault({}),
    rateLimit: rateLimitSchema,
    rules: z
      .array(rule, allowed('a list of rules such as { contentType: "api::article.article", ttl: "5 m" }'))
      .default([]),
  },
  'the options of the plugin',
).superRefine((config, context) => {
  for (const [index, rule] of config.rules.entries())
    if (softPurgeProblem(rule, config))
      context.addIssue({
        code: 'custom',
        path: ['rules', index, 'softPurge'],
        message: 'true only together with staleWhileRevalidate or staleIfError, of the rule or of all',
      });
});

/** What `config/plugins.ts` may hold under `'upstash-cache'.config`. */
export type UpstashCacheConfig = z.input<typeof configSchema>;

/** The same after validation: durations in milliseconds, sizes in bytes, defaults filled in. */
export type ResolvedConfig = z.output<typeof configSchema>;

export type Rule = ResolvedConfig['rules'][number];
