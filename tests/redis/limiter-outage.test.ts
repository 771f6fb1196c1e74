import { Redis } from '@upstash/redis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Allowance } from '../../server/src/core/limits/limiter';
import { createLimiter, type OutageMode } from '../../server/src/limiters/insured';
import type { LimiterRedis } from '../../server/src/limiters/command-redis';
import { LimiterWorld } from './limiter-world';

let world: LimiterWorld;
const now = 1_800_000_000_000;
const warnings: string[] = [];
const rejections: unknown[] = [];
const onRejection = (error: unknown): void => void rejections.push(error);

beforeEach(async () => {
  warnings.length = rejections.length = 0;
  process.on('unhandledRejection', onRejection);
  world = await LimiterWorld.open();
  vi.useFakeTimers({ toFake: ['Date'], now });
});
afterEach(async () => {
  vi.useRealTimers();
  process.off('unhandledRejection', onRejection);
  await world.close();
});

const rule: Allowance = {
  policy: 'burst',
  algorithm: 'sliding-window',
  quota: 10,
  window: 3_600_000,
  refill: 10,
};

const limiter = (redis: LimiterRedis, mode: OutageMode, deadline = 5000) =>
  createLimiter({
    shared: { redis, kind: 'upstash' },
    outage: { mode, share: 0.5, deadline },
    maxPartitions: 1000,
    prefix: 'strapi',
    digest: (text) => text,
    warn: (message) => warnings.push(message),
  });

describe('when Redis is gone', () => {
  it.each([
    { mode: 'insured', passed: 5 },
    { mode: 'open', passed: 20 },
    { mode: 'closed', passed: 0 },
  ] as const)('$mode: lets $passed of 20 pass, and none fails', async ({ mode, passed }) => {
    const one = limiter(world.connect('sdk'), mode);
    await world.redis.server.stop();
    let allowed = 0;
    for (let i = 0; i < 20; i++) if ((await one.take(rule, 'ip:a', now)).allowed) allowed++;
    expect(allowed).toBe(passed);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain('ip:a');
    expect(rejections).toEqual([]);
  });

  it('asks it three times, then answers at once', async () => {
    const one = limiter(world.connect('sdk'), 'open');
    await world.redis.server.stop();
    const kinds: boolean[] = [];
    for (let i = 0; i < 6; i++) {
      const answer = one.take(rule, 'ip:a', now);
      kinds.push(answer instanceof Promise);
      await answer;
    }
    expect(kinds).toEqual([true, true, true, false, false, false]);
    expect(one.take(rule, 'ip:a', now + 1000)).toBeInstanceOf(Promise);
    expect(one.take(rule, 'ip:a', now + 1000)).not.toBeInstanceOf(Promise);
  });

  it('goes on with the shared count when it is back', async () => {
    let broken = false;
    const tcp = world.connect('tcp');
    const redis: LimiterRedis = {
      ...tcp,
      evalsha: async (...args) => {
        if (broken) throw new TypeError('fetch failed');
        return tcp.evalsha(...args);
      },
    };
    const one = limiter(redis, 'insured');
    for (let i = 0; i < 4; i++) await one.take(rule, 'ip:a', now);
    broken = true;
    for (let i = 0; i < 9; i++) await one.take(rule, 'ip:a', now);
    broken = false;
    expect(await one.take(rule, 'ip:a', now + 2000)).toMatchObject({
      from: 'redis',
      allowed: true,
      remaining: 5,
    });
    expect(warnings.at(-1)).toContain('again');
  });
});

describe('when Redis does not answer', () => {
  it('waits no longer than the deadline, and drops what comes later', async () => {
    let fail: (error: Error) => void = () => undefined;
    const silent = {
      ...world.connect('tcp'),
      evalsha: () => new Promise<never>((_resolve, reject) => (fail = reject)),
    };
    const one = limiter(silent, 'insured', 20);
    const verdict = await one.take(rule, 'ip:a', now);
    expect(verdict).toMatchObject({ allowed: true, from: 'insurance', quota: 5, remaining: 4 });
    fail(new Error('connection reset'));
    await new Promise(setImmediate);
    expect(rejections).toEqual([]);
  });
});

describe('when the token is wrong', () => {
  it('limits locally, and tells the kind of the error only', async () => {
    const redis: LimiterRedis = new Redis({
      ...world.redis.credentials,
      token: 'wrong',
      enableTelemetry: false,
    });
    const one = limiter(redis, 'insured');
    for (let i = 0; i < 4; i++) await one.take(rule, 'ip:a', now);
    expect(warnings).toEqual([expect.stringContaining('UpstashError')]);
  });
});
