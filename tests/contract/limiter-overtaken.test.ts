import { expect, it } from 'vitest';
import type { LimiterRedis } from '../../server/src/limiters/command-redis';
import { UpstashLimiter } from '../../server/src/limiters/upstash';

it('an answer that is overtaken on its way does not lift the refusal that came after it', async () => {
  const now = Date.now();
  const answers: ((value: unknown) => void)[] = [];
  const redis: LimiterRedis = {
    evalsha: () => new Promise((resolve) => answers.push(resolve)),
    eval: () => Promise.reject(new Error('not asked for')),
    mget: () => Promise.resolve(['1', null]),
    del: () => Promise.resolve(1),
  };
  const limiter = new UpstashLimiter({ redis, prefix: 't', digest: (text) => text });
  const rule = { policy: 'p', algorithm: 'fixed-window', quota: 1, window: 3_600_000, refill: 1 } as const;
  const first = limiter.take(rule, 'ip:a', now);
  const second = limiter.take(rule, 'ip:a', now);
  await new Promise(setImmediate);
  answers[1]?.([2, 1]);
  expect(await second).toMatchObject({ allowed: false });
  answers[0]?.([1, 1]);
  expect(await first).toMatchObject({ allowed: true });
  expect(limiter.take(rule, 'ip:a', now)).toMatchObject({ allowed: false });
  expect(answers).toHaveLength(2);
});
