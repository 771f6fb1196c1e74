import { describe, expect, expectTypeOf, it } from 'vitest';
import { explainIssues } from '../../../server/src/config/explain';
import {
  rateLimitSchema,
  type RateLimitConfig,
  type ResolvedRateLimit,
} from '../../../server/src/config/rate-limit-schema';
import type { RateLimitOptions } from '../../../server/src/core/limits/rate-limit';

const problems = (input: unknown): string => {
  const result = rateLimitSchema.safeParse(input);
  return result.success ? '' : explainIssues(rateLimitSchema, input, result.error.issues);
};

const policy = (more: object) => ({ policies: [{ name: 'burst', quota: 60, window: '1 m', ...more }] });

describe('rateLimitSchema', () => {
  it('needs nothing, and then limits nothing', () => {
    expect(rateLimitSchema.parse(undefined)).toEqual({
      enabled: true,
      policies: [],
      skip: { addresses: [], paths: ['/_health'] },
      headers: { rateLimit: true, xRateLimit: true, retryAfter: true },
      outage: { mode: 'insured', share: 0.5, deadline: 250 },
      maxPartitions: 50_000,
    });
  });

  it('fills in a policy, durations in milliseconds', () => {
    expect(rateLimitSchema.parse(policy({})).policies).toEqual([
      {
        name: 'burst',
        quota: 60,
        window: 60_000,
        algorithm: 'sliding-window',
        by: 'ip',
        skip: { addresses: [], paths: [] },
        hits: 'count',
        dryRun: false,
      },
    ]);
  });

  it('is what the rate limit takes', () => expectTypeOf<ResolvedRateLimit>().toExtend<RateLimitOptions>());

  it('takes everything at once', () => {
    const config: RateLimitConfig = {
      policies: [
        { name: 'all', quota: 1000, window: '1 d' },
        {
          name: 'tenants',
          quota: { anonymous: 10, authenticated: 100, roles: { editor: 500 }, tokens: { build: false } },
          window: 1,
          algorithm: 'token-bucket',
          refill: 2,
          methods: ['GET'],
          by: (request) => request.header('x-tenant'),
          skip: { addresses: ['10.0.0.0/8'], when: (request) => request.path === '/api/ping' },
          hits: 0.1,
          dryRun: true,
        },
      ],
      outage: { mode: 'open', deadline: 0.1 },
    };
    expect(problems(config)).toBe('');
  });

  it.each([
    [policy({ quota: 0 }), 'policies[0].quota: got 0 (number); allowed: a whole number of requests from 1'],
    [policy({ quota: { authenticated: 5 } }), 'policies[0].quota'],
    [
      policy({ window: '1 fortnight' }),
      'policies[0].window: got "1 fortnight" (string); allowed: at least 0.1 seconds',
    ],
    [policy({ algorithm: 'leaky' }), 'allowed: "sliding-window", "fixed-window" or "token-bucket"'],
    [policy({ name: 'a b' }), 'policies[0].name'],
    [policy({ paths: ['api'] }), 'policies[0].paths[0]'],
    [policy({ methods: ['get'] }), 'policies[0].methods[0]: got "get" (string); allowed: one of GET, HEAD'],
    [policy({ skip: { addresses: ['10.0.0.0/40'] } }), 'policies[0].skip.addresses[0]'],
    [policy({ hits: 2 }), 'policies[0].hits: got 2 (number); allowed: "count", "free", or the part'],
    [policy({ refill: 3 }), 'policies[0].refill'],
    [policy({ by: { header: 'x-client' } }), 'policies[0].by'],
    [policy({ contentType: [] }), 'unknown option; did you mean "contentTypes"?'],
    [policy({ by: { header: 'no name' } }), 'policies[0].by'],
    [policy({ quota: { anonymous: 5, auth: 3 } }), 'policies[0].quota'],
    [
      { policies: [...policy({}).policies, ...policy({}).policies] },
      'policies[1].name: got "burst" (string); allowed: a name that no other policy has',
    ],
    [{ outage: { mode: 'fail' } }, 'outage.mode'],
    [{ outage: { share: 0 } }, 'outage.share: got 0 (number); allowed: a number above 0, up to 1'],
    [{ maxPartitions: 5 }, 'maxPartitions: got 5 (number); allowed: a whole number from 1000 to 1000000'],
    [{ enable: true }, 'did you mean "enabled"?'],
  ])('explains %j', (input, text) => expect(problems(input)).toContain(text));

  it('wants a policy by address beside one by something that callers can make up', () => {
    const client = { name: 'client', quota: 60, window: 60, by: { header: 'x-client' } };
    expect(problems({ policies: [client, { name: 'ip', quota: 600, window: 60 }] })).toBe('');
    expect(problems({ policies: [client, { name: 'ip', quota: 600, window: 60, dryRun: true }] })).toContain(
      'by',
    );
    expect(
      problems({ policies: [client, { name: 'ip', quota: 600, window: 60, methods: ['POST'] }] }),
    ).toContain('by');
  });
});
