import { z } from 'zod';
import { CODINGS } from '../core/coding';
import { downstreamSchema, eventsSchema, ruleDownstream, warmUpSchema } from './downstream-schema';
import {
  allowed,
  count,
  duration,
  flag,
  headerName,
  oneOf,
  path,
  section,
  size,
  textLike,
  TOKEN,
} from './fields';
import { rateLimitSchema } from './rate-limit-schema';

const uid = textLike(
  /^(api|plugin|admin)::[\w-]+\.[\w-]+$/,
  'a content type uid such as "api::article.article"',
);

const handler = textLike(
  /^(api|plugin)::[\w-]+\.[\w-]+\.[\w-]+$/,
  'a handler such as "api::article.article.findOne"',
);

const requestHeader = headerName('a request header name such as "accept-language"');

const queryName = textLike(
  /^[^*\s]+\*?$|^\*$/,
  'a query parameter name, or a prefix and "*", such as "utm_*"',
);

/** Lifetimes of statuses that are not stored unless they are named here. */
const statusTtl = z.strictObject(
  {
    '301': duration(1).optional(),
    '308': duration(1).optional(),
    '404': duration(1).optional(),
    '410': duration(1).optional(),
  },
  allowed('an object with lifetimes for "301", "308", "404" and "410", such as { 404: "10 s" }'),
);

const trustedCaller = z.strictObject(
  {
    header: headerName('a request header name such as "x-cache-secret"'),
    secret: z
      .string(allowed('a text of at least 16 characters'))
      .min(16, allowed('a text of at least 16 characters')),
  },
  allowed('an object with header and secret'),
);

const lookup = z.enum(['auto', 'route'], allowed('"auto" or "route" ("edge" was removed in version 0.2)'));

const rule = z
  .strictObject(
    {
      contentType: uid.optional(),
      path: path.optional(),
      handler: handler.optional(),
      cache: flag.optional(),
      ttl: duration(1).optional(),
      keyedHeaders: z.array(requestHeader, allowed('a list of request header names')).optional(),
      callers: oneOf(['each', 'role', 'public', 'none']).optional(),
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

const PREFIX = 'letters, digits, "-", "_", "." and ":", 1 to 64 of them';

/** Type, validator and defaults of everything that may stand in `config/plugins.ts`. */
export const configSchema = z
  .strictObject(
    {
      enabled: flag.default(true),
      ttl: duration(1).prefault(3600),
      prefix: textLike(/^[\w.:-]{1,64}$/, PREFIX).default('strapi'),
      staleWhileRevalidate: duration(0).prefault(0),
      staleIfError: duration(0).prefault(0),
      maxRefreshes: count(1, 1000).default(8),
      statusTtl: statusTtl.prefault({}),
      store: oneOf(['auto', 'memory', 'upstash', 'redis']).default('auto'),
      memory: section({ maxSize: size(65_536).prefault('64 MB') }),
      maxEntrySize: size(1).prefault('1 MB'),
      upstash: section({
        url: z.string(allowed('the REST URL of the database, https://...')).optional(),
        token: z.string(allowed('the REST token of the database')).optional(),
      }),
      redis: section({
        url: z.string(allowed('an address such as "redis://localhost:6379" or "rediss://..."')).optional(),
      }),
      lease: duration(0).prefault(1),
      deadline: duration(1).prefault('250 ms'),
      lookup: lookup.default('auto'),
      trustedCaller: trustedCaller.optional(),
      bypassCookies: z.array(textLike(TOKEN, 'a cookie name'), allowed('a list of cookie names')).default([]),
      maxVariants: count(1, 1000).default(16),
      query: section({
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
        maxUrlLength: count(64, 16_384, 'a whole number of characters').default(2048),
      }),
      compression: section({
        enabled: flag.default(true),
        minSize: size(1).prefault('1 KB'),
        codings: z
          .array(oneOf(CODINGS), allowed('a list of "br" and "gzip"'))
          .min(1, allowed('a list of "br" and "gzip"; to send bodies as they are, set enabled to false'))
          .default([...CODINGS]),
      }),
      headers: section({
        xCache: flag.default(true),
        cacheStatus: flag.default(true),
        debug: requestHeader.optional(),
      }),
      downstream: downstreamSchema,
      events: eventsSchema,
      warmUp: warmUpSchema,
      api: section({ enabled: flag.default(false) }),
      rateLimit: rateLimitSchema,
      rules: z
        .array(rule, allowed('a list of rules such as { contentType: "api::article.article", ttl: "5 m" }'))
        .default([]),
    },
    allowed('an object with the options of the plugin'),
  )
  .superRefine((config, context) => {
    for (const [index, rule] of config.rules.entries()) {
      // A soft purge makes a response stale, which means nothing where no stale response may be served.
      const whileRevalidate = rule.staleWhileRevalidate ?? config.staleWhileRevalidate;
      const ifError = rule.staleIfError ?? config.staleIfError;
      if (rule.softPurge && whileRevalidate + ifError === 0)
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'softPurge'],
          message: 'true only together with staleWhileRevalidate or staleIfError, of the rule or of all',
        });
    }
  });

/** What `config/plugins.ts` may hold under `'upstash-cache'.config`. */
export type UpstashCacheConfig = z.input<typeof configSchema>;

/** The same after validation: durations in milliseconds, sizes in bytes, defaults filled in. */
export type ResolvedConfig = z.output<typeof configSchema>;

export type Rule = ResolvedConfig['rules'][number];
