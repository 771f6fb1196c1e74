import { z } from 'zod';
import { addressRangeProblem } from '../core/limits/address';
import type { PartitionFunction } from '../core/limits/partition';
import type { RequestFacts } from '../core/limits/request-facts';
import {
  allowed,
  count,
  duration,
  flag,
  headerName,
  oneOf,
  path,
  section,
  textLike,
  textWithout,
} from './fields';

const address = textWithout(addressRangeProblem, 'an IP address or a network such as "10.0.0.0/8"');

const paths = z.array(path, allowed('a list of path patterns such as ["/api/search/**"]'));

const fn = <F>(what: string) => z.custom<F>((value) => typeof value === 'function', allowed(what));

const COUNT = 'a whole number of requests from 1';

const requests = z.int(allowed(COUNT)).min(1, allowed(COUNT));

const quota = z.union([requests, z.literal(false)], allowed(`${COUNT}, or false for no limit`));

const quotaList = (of: string) =>
  z.record(z.string(), quota, allowed(`an object from names of ${of} to quotas, such as { premium: 600 }`));

const QUOTA = `${COUNT}, or an object such as { anonymous: 60, authenticated: 600 }`;

const quotas = z.strictObject(
  {
    anonymous: quota,
    authenticated: quota.optional(),
    roles: quotaList('roles').optional(),
    tokens: quotaList('API tokens').optional(),
  },
  allowed(QUOTA),
);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const contentType = textLike(
  /^(api|plugin)::[\w-]+\.[\w-]+$/,
  'a content type uid such as "api::article.article"',
);

const HEADER = 'an object with the name of a request header, such as { header: "x-client-id" }';

const BY = `"ip", "user", "token", "caller", ${HEADER}, or a function of the request`;

const by = z.union(
  [
    z.enum(['ip', 'user', 'token', 'caller']),
    z.strictObject({ header: headerName(HEADER) }),
    fn<PartitionFunction>(BY),
  ],
  allowed(BY),
);

const skip = (usual: string[]) =>
  section({
    addresses: z
      .array(address, allowed('a list of addresses and networks such as ["10.0.0.0/8"]'))
      .default([]),
    paths: paths.default(usual),
    when: fn<(request: RequestFacts) => boolean>(
      'a function of the request that answers true to skip it',
    ).optional(),
  });

const HITS = '"count", "free", or the part of a request that a hit counts, from 0 to 1';

const hits = z.union(
  [z.enum(['count', 'free']), z.number().min(0, allowed(HITS)).max(1, allowed(HITS))],
  allowed(HITS),
);

const NAME = 'a letter, and up to 31 letters, digits, "-" and "_" behind it';

const policy = z.strictObject(
  {
    name: textLike(/^[A-Za-z][\w-]{0,31}$/, NAME),
    quota: z.union([requests, quotas], allowed(QUOTA)),
    window: duration(100, 'at least 0.1 seconds as a number, or a text such as "10 s", "1 m", "1 d"'),
    algorithm: oneOf(['sliding-window', 'fixed-window', 'token-bucket']).default('sliding-window'),
    refill: requests.optional(),
    methods: z
      .array(
        z.enum(METHODS, allowed(`one of ${METHODS.join(', ')}`)),
        allowed('a list such as ["GET", "POST"]'),
      )
      .optional(),
    paths: paths.optional(),
    contentTypes: z.array(contentType, allowed('a list of content type uids')).optional(),
    by: by.default('ip'),
    skip: skip([]),
    hits: hits.default('count'),
    dryRun: flag.default(false),
  },
  allowed('an object such as { name: "burst", quota: 60, window: "1 m" }'),
);

type ResolvedPolicy = z.output<typeof policy>;

/** Whether a policy counts addresses wherever the other one counts what callers may make up. */
function guards(guard: ResolvedPolicy, other: ResolvedPolicy): boolean {
  const same = (a: unknown, b: unknown): boolean =>
    a === undefined || JSON.stringify(a) === JSON.stringify(b);
  const everywhere = guard.paths === undefined && guard.contentTypes === undefined;
  const matched =
    everywhere || (same(guard.paths, other.paths) && same(guard.contentTypes, other.contentTypes));
  return guard.by === 'ip' && !guard.dryRun && same(guard.methods, other.methods) && matched;
}

const policies = z
  .array(policy, allowed('a list of policies such as { name: "burst", quota: 60, window: "1 m" }'))
  .superRefine((list, context) => {
    list.forEach((it, index) => {
      const issue = (option: keyof ResolvedPolicy, message: string): void =>
        context.addIssue({ code: 'custom', path: [index, option], message });
      if (list.findIndex((other) => other.name === it.name) !== index)
        issue('name', 'a name that no other policy has');
      if (it.refill !== undefined && it.algorithm !== 'token-bucket')
        issue('refill', 'nothing, unless the algorithm is "token-bucket"');
      const madeUp = typeof it.by === 'object' || typeof it.by === 'function';
      if (madeUp && !it.dryRun && !list.some((other) => guards(other, it)))
        issue(
          'by',
          'a header or a function only beside a policy by "ip" for the same requests: callers can make up new values',
        );
    });
  });

const SHARE = 'a number above 0, up to 1';

/** The option `rateLimit`: durations in milliseconds after validation. */
export const rateLimitSchema = section({
  enabled: flag.default(true),
  policies: policies.default([]),
  skip: skip(['/_health']),
  headers: section({
    rateLimit: flag.default(true),
    xRateLimit: flag.default(true),
    retryAfter: flag.default(true),
  }),
  outage: section({
    mode: oneOf(['insured', 'open', 'closed']).default('insured'),
    share: z.number(allowed(SHARE)).gt(0, allowed(SHARE)).max(1, allowed(SHARE)).default(0.5),
    deadline: duration(1, 'seconds as a number above 0, or a text such as "250 ms"').prefault('250 ms'),
  }),
  maxPartitions: count(1000, 1_000_000).default(50_000),
});

export type RateLimitConfig = z.input<typeof rateLimitSchema>;

export type ResolvedRateLimit = z.output<typeof rateLimitSchema>;
