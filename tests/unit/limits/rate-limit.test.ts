import { describe, expect, it, vi } from 'vitest';
import type { RateLimit } from '../../../server/src/core/limits/rate-limit';
import { MemoryLimiter } from '../../../server/src/limiters/memory';
import { decide, passes, remaining, settle } from './decisions';
import { facts, NOW, rateLimit } from './facts';

describe('several policies', () => {
  const config = {
    policies: [
      { name: 'burst', quota: 5, window: 1 },
      { name: 'daily', quota: 100, window: '1 d' },
    ],
  };

  it('must all pass, and a refused request is charged to none', () => {
    const limits = rateLimit(config);
    expect(passes(limits)).toBe(5);
    const later = decide(limits, facts(), NOW + 2000);
    expect(remaining(limits, later)).toEqual({ burst: '4', daily: '94' });
  });

  it('name those that refuse, and the longest wait', () => {
    const limits = rateLimit({ policies: [...config.policies, { name: 'minute', quota: 5, window: '1 m' }] });
    passes(limits);
    const decision = decide(limits);
    expect(decision).toMatchObject({ allowed: false, refusedBy: ['burst', 'minute'] });
    expect(decision.retryAfter).toBe(61); // the window before still counts in full when the next one begins
    expect(limits.headersFor(decision, NOW)).toContain('Retry-After');
  });

  it('spread the return of refused callers', () => {
    const wait = (random: number) => {
      const limits = rateLimit(
        { policies: [{ name: 'p', quota: 1, window: '10 m', algorithm: 'fixed-window' }] },
        { random: () => random },
      );
      passes(limits);
      return decide(limits).retryAfter;
    };
    expect([wait(0), wait(0.5), wait(1)]).toEqual([600, 615, 630]);
  });

  it('give back what a remote limiter had charged already', async () => {
    const inner = new MemoryLimiter();
    const remote = {
      kind: 'redis' as const,
      take: async (...args: Parameters<MemoryLimiter['take']>) => inner.take(...args),
      peek: () => null,
      giveBack: vi.fn(async (...args: Parameters<MemoryLimiter['giveBack']>) => inner.giveBack(...args)),
      reset: () => undefined,
      close: () => undefined,
    };
    const limits = rateLimit(config, { limiter: remote });
    const decisions = [];
    for (let i = 0; i < 9; i++) decisions.push(await limits.decide(facts(), NOW));
    expect(decisions.filter((it) => it.allowed)).toHaveLength(5);
    expect(remote.giveBack).toHaveBeenCalledTimes(4);
    const later = await limits.decide(facts(), NOW + 2000);
    expect(remaining(limits, later)).toEqual({ burst: '4', daily: '94' });
  });
});

describe('hits of the cache', () => {
  const one = (hits: 'count' | 'free' | number) =>
    rateLimit({ policies: [{ name: 'p', quota: 3, window: 60, hits }] });
  const request = (limits: RateLimit, outcome: 'hit' | 'miss'): boolean => {
    const decision = decide(limits);
    return decision.allowed && settle(limits, decision, outcome).allowed;
  };
  const run = (limits: RateLimit, outcome: 'hit' | 'miss', times: number): number =>
    Array.from({ length: times }, () => request(limits, outcome)).filter(Boolean).length;

  it('count like any other request by default', () => {
    const limits = one('count');
    expect(run(limits, 'hit', 10)).toBe(3);
  });

  it('free: cost nothing and are never refused, misses are', () => {
    const limits = one('free');
    expect(run(limits, 'hit', 50)).toBe(50);
    expect(run(limits, 'miss', 10)).toBe(3);
    expect(run(limits, 'hit', 50)).toBe(50);
  });

  it('tell what is left, free ones too', () => {
    const limits = one('free');
    request(limits, 'miss');
    const decision = settle(limits, decide(limits), 'hit');
    expect(remaining(limits, decision)).toEqual({ p: '2' });
  });

  it('count a part: every fifth costs one, and an exhausted quota refuses them', () => {
    const limits = one(0.2);
    expect(run(limits, 'hit', 14)).toBe(14);
    expect(run(limits, 'miss', 1)).toBe(1);
    expect(run(limits, 'hit', 1)).toBe(0);
  });

  it('are charged once however often they are settled', () => {
    const limits = one('free');
    const decision = decide(limits);
    for (let i = 0; i < 5; i++) settle(limits, decision, 'miss');
    expect(remaining(limits, settle(limits, decide(limits), 'hit'))).toEqual({ p: '2' });
  });

  it('a miss that is refused then returns what was charged before the lookup', () => {
    const limits = rateLimit({
      policies: [
        { name: 'all', quota: 10, window: 60 },
        { name: 'misses', quota: 1, window: 60, hits: 'free' },
      ],
    });
    expect(run(limits, 'miss', 5)).toBe(1);
    expect(remaining(limits, settle(limits, decide(limits), 'hit'))).toEqual({ all: '8', misses: '0' });
  });
});

describe('dry run', () => {
  it('counts, logs once a minute with the address masked, advertises nothing and refuses nobody', () => {
    const warn = vi.fn();
    const limits = rateLimit({ policies: [{ name: 'p', quota: 2, window: 60, dryRun: true }] }, { warn });
    expect(passes(limits)).toBe(100);
    expect(limits.headersFor(decide(limits), NOW)).toEqual([]);
    expect(warn.mock.calls).toEqual([['rate limit "p" (dry run) would have refused ip:203.0.113.*']]);
    expect(limits.stats(NOW)[0]?.minutes).toEqual([{ at: NOW, allowed: 2, limited: 0, dryRun: 99 }]);
    decide(limits, facts(), NOW + 61_000);
  });
});

describe('for the admin panel and application code', () => {
  it('counts what happened and names the most limited partitions, masked', () => {
    const limits = rateLimit({ policies: [{ name: 'p', quota: 2, window: 60 }] });
    passes(limits, facts({ address: '198.51.100.1' }), 5);
    passes(limits, facts(), 10);
    const [stats] = limits.stats(NOW);
    expect(stats).toMatchObject({
      name: 'p',
      quota: 2,
      window: 60_000,
      minutes: [{ allowed: 4, limited: 11, dryRun: 0 }],
    });
    expect(stats?.top.map((it) => [it.partition, it.count])).toEqual([
      ['ip:203.0.113.*', 8],
      ['ip:198.51.100.*', 3],
    ]);
  });

  it('counts a request once for each policy, when its last word is said', () => {
    const limits = rateLimit({
      policies: [
        { name: 'all', quota: 10, window: 60 },
        { name: 'misses', quota: 1, window: 60, hits: 'free' },
      ],
    });
    for (const outcome of ['miss', 'hit', 'miss'] as const) settle(limits, decide(limits), outcome);
    const counts = limits.stats(NOW).map(({ minutes: [slot] }) => [slot?.allowed, slot?.limited]);
    expect(counts).toEqual([
      [2, 0],
      [2, 1],
    ]);
  });

  it('resets a partition by its name or by the id from the statistics', async () => {
    const quota = { anonymous: 2, authenticated: 4 };
    const limits = rateLimit({ policies: [{ name: 'p', quota, window: 60 }] });
    const signedIn = facts({ caller: { kind: 'user', id: '1' } });
    expect([passes(limits), passes(limits, signedIn)]).toEqual([2, 4]);
    expect(await limits.reset('p', { partition: 'ip:203.0.113.7' }, NOW)).toBe(true);
    expect([passes(limits), passes(limits, signedIn)]).toEqual([2, 4]);
    const id = limits.stats(NOW)[0]?.top[0]?.id ?? '';
    expect(await limits.reset('p', { id }, NOW)).toBe(true);
    expect([passes(limits), passes(limits, signedIn)]).toEqual([2, 4]);
    expect(limits.stats(NOW)[0]?.top.length).toBeGreaterThan(0);
    expect(await limits.reset('p', { id: 'nobody' }, NOW)).toBe(false);
  });

  it('limits what application code asks for', async () => {
    const limits = rateLimit({ policies: [{ name: 'mails', quota: 2, window: 60, paths: [] }] });
    expect(passes(limits)).toBe(100);
    const verdicts = [];
    for (let i = 0; i < 3; i++) verdicts.push(await limits.limit('mails', 'user:1', NOW));
    expect(verdicts.map((it) => it.allowed)).toEqual([true, true, false]);
    await limits.reset('mails', { partition: 'user:1' }, NOW);
    expect((await limits.limit('mails', 'user:1', NOW)).allowed).toBe(true);
    await expect(limits.limit('mail', 'user:1', NOW)).rejects.toThrow(
      'no rate limit policy "mail"; there are: "mails"',
    );
  });
});
