import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import type { Algorithm, Allowance } from '../../server/src/core/limits/limiter';
import { UpstashLimiter } from '../../server/src/limiters/upstash';
import { total } from '../support/bridge';
import { facts, rateLimit } from '../unit/limits/facts';
import { LimiterWorld, type Transport } from './limiter-world';

let world: LimiterWorld;
let policies = 0;
const NOW = 1_800_000_030_000;

beforeAll(async () => {
  world = await LimiterWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  await world.redis.raw('FLUSHALL');
});
afterEach(() => vi.useRealTimers());

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const limiter = (over: Transport = 'sdk'): UpstashLimiter =>
  new UpstashLimiter({ redis: world.connect(over), prefix: 'strapi', digest });

const allowance = (algorithm: Algorithm, quota = 100): Allowance => ({
  policy: `p${++policies}`,
  algorithm,
  quota,
  window: 60_000,
  refill: quota,
});

const billed = (work: () => Promise<unknown>) => world.redis.billed(work);

describe('three instances on one Redis', () => {
  it.each(['sliding-window', 'fixed-window', 'token-bucket'] as const)(
    'let exactly 100 of 300 concurrent requests pass (%s)',
    async (algorithm) => {
      const fleet = [limiter('sdk'), limiter('upstash-driver'), limiter('tcp')];
      const rule = allowance(algorithm);
      const verdicts = await Promise.all(
        Array.from({ length: 300 }, (_, i) => fleet[i % 3]?.take(rule, 'ip:203.0.113.7', NOW)),
      );
      expect(verdicts.filter((it) => it?.allowed)).toHaveLength(100);
    },
  );

  it('see a reset that one of them made, at the latest five minutes later', async () => {
    const [one, two] = [limiter(), limiter()];
    const rule = { ...allowance('fixed-window', 1), window: 86_400_000 };
    for (const it of [one, two]) for (let i = 0; i < 2; i++) await it.take(rule, 'user:1', NOW);
    await one.reset(rule, 'user:1', NOW);
    expect(await two.take(rule, 'user:1', NOW + 1000)).toMatchObject({ allowed: false });
    vi.setSystemTime(NOW + 300_000);
    expect(await two.take(rule, 'user:1', NOW + 300_000)).toMatchObject({ allowed: true });
  });
});

describe('billed commands', () => {
  it.each([
    { algorithm: 'sliding-window', first: 5, allowed: 4, refused: 4 },
    { algorithm: 'fixed-window', first: 3, allowed: 2, refused: 2 },
    { algorithm: 'token-bucket', first: 4, allowed: 4, refused: 2 },
  ] as const)('$algorithm: $first at first, $allowed allowed, $refused refused, then 0', async (expected) => {
    const one = limiter();
    const rule = allowance(expected.algorithm, 3);
    const take = () => one.take(rule, 'ip:198.51.100.1', NOW);
    await one.take(allowance(expected.algorithm), 'warm-up', NOW); // the script is loaded once
    expect(total(await billed(async () => take()))).toBe(expected.first);
    expect(total(await billed(async () => take()))).toBe(expected.allowed);
    await take();
    expect(total(await billed(async () => take()))).toBe(expected.refused);
    const attack = await billed(async () => {
      for (let i = 0; i < 1000; i++) expect(take()).toMatchObject({ allowed: false });
    });
    expect(attack).toEqual({});
  });

  it('costs a concurrent burst of refusals one reading of the counters', async () => {
    const one = limiter();
    const rule = allowance('sliding-window', 5);
    for (let i = 0; i < 5; i++) await one.take(rule, 'ip:198.51.100.2', NOW);
    const commands = await billed(() =>
      Promise.all(Array.from({ length: 50 }, () => one.take(rule, 'ip:198.51.100.2', NOW))),
    );
    expect(commands.mget).toBeLessThanOrEqual(1);
  });

  it('costs nothing when one of several policies is known to refuse', async () => {
    const limits = rateLimit(
      {
        policies: [
          { name: 'burst', quota: 2, window: 60 },
          { name: 'daily', quota: 100, window: '1 d', algorithm: 'fixed-window' },
        ],
      },
      { limiter: limiter() },
    );
    for (let i = 0; i < 3; i++) await limits.decide(facts(), NOW);
    const day = (await world.keys()).find((key) => key.includes('daily')) ?? '';
    // the charge of the refused request comes back without anybody waiting for it
    while (String(await world.redis.raw('GET', day)) !== '2') await new Promise(setImmediate);
    const attack = await billed(async () => {
      for (let i = 0; i < 500; i++) expect(limits.decide(facts(), NOW)).toMatchObject({ allowed: false });
    });
    expect(attack).toEqual({});
  });

  it('costs nothing for a free hit', async () => {
    const policies = [{ name: 'p', quota: 2, window: 60, hits: 'free' as const }];
    const limits = rateLimit({ policies }, { limiter: limiter() });
    const decision = await limits.decide(facts(), NOW);
    expect(await billed(async () => limits.settle(decision, 'hit', NOW))).toEqual({});
  });

  it('pays once for a script that Redis has forgotten', async () => {
    const one = limiter();
    const rule = allowance('fixed-window', 10);
    await one.take(rule, 'ip:a', NOW);
    await world.redis.raw('SCRIPT', 'FLUSH');
    expect(await one.take(rule, 'ip:a', NOW)).toMatchObject({ allowed: true, remaining: 8 });
    expect(total(await billed(async () => one.take(rule, 'ip:a', NOW)))).toBe(2);
  });
});

describe('keys', () => {
  it('all expire, and hold nothing that a caller has sent', async () => {
    const one = limiter();
    for (const algorithm of ['sliding-window', 'fixed-window', 'token-bucket'] as const) {
      const rule = allowance(algorithm, 2);
      for (const who of ['ip:2001:db8:0:1::/64', 'header:*', 'x'.repeat(50_000)])
        for (let i = 0; i < 4; i++) await one.take(rule, who, NOW);
    }
    const keys = await world.keys();
    expect(keys).toHaveLength(9);
    for (const key of keys) {
      expect(key).toMatch(/^strapi:rl:p\d+:[\w-]{22}(?::\d+)?$/);
      expect(Number(await world.redis.raw('PTTL', key))).toBeGreaterThan(0);
    }
  });

  it('are deleted one by one, without a scan', async () => {
    const one = limiter();
    const rule = allowance('sliding-window', 5);
    for (const who of ['ip:a', 'ip:b']) await one.take(rule, who, NOW);
    const commands = await billed(() => one.reset(rule, 'ip:a', NOW));
    expect(commands).toEqual({ del: 1 });
    expect(await world.keys()).toHaveLength(1);
  });

  it('bound the memory of an instance whatever callers come', async () => {
    const one = new UpstashLimiter({
      redis: world.connect('tcp'),
      prefix: 'strapi',
      digest,
      maxPartitions: 50,
    });
    const rule = allowance('fixed-window', 1);
    for (let i = 0; i < 200; i++) await one.take(rule, `ip:${i}`, NOW);
    const remembered = Array.from({ length: 200 }, (_, i) => one.peek(rule, `ip:${i}`, NOW)).filter(Boolean);
    expect(remembered).toHaveLength(50);
  });
});
