import { describe, expect, it } from 'vitest';
import type { Algorithm, Allowance, Limiter, Verdict } from '../../server/src/core/limits/limiter';
import { referenceCounter } from './limiter-reference';

export interface LimiterUnderTest {
  /** A limiter that remembers nothing of earlier tests; several of them count together. */
  open(): Limiter;
  /** Moves the clock that the limiter sees to this moment, epoch milliseconds. */
  setNow(now: number): void;
}

const ALGORITHMS: readonly Algorithm[] = ['sliding-window', 'fixed-window', 'token-bucket'];

const WINDOW = 60_000;
/** The beginning of a window. */
const START = 1_800_000_000_000 - (1_800_000_000_000 % WINDOW);

let names = 0;

/** What every limiter does, whatever it counts with. Sends traffic and counts what passes. */
export function limiterContract(name: string, { open, setNow }: LimiterUnderTest): void {
  const allowance = (algorithm: Algorithm, quota: number, more: Partial<Allowance> = {}): Allowance => ({
    policy: `p${++names}`,
    algorithm,
    quota,
    window: WINDOW,
    refill: quota,
    ...more,
  });

  const at = async (limiter: Limiter, rule: Allowance, who: string, now: number): Promise<Verdict> => {
    setNow(now);
    return limiter.take(rule, who, now);
  };

  const send = async (
    limiter: Limiter,
    rule: Allowance,
    who: string,
    now: number,
    times: number,
  ): Promise<number> => {
    let passed = 0;
    for (let i = 0; i < times; i++) if ((await at(limiter, rule, who, now)).allowed) passed++;
    return passed;
  };

  describe(`${name}: the limiter contract`, () => {
    describe.each(ALGORITHMS)('%s', (algorithm) => {
      it('lets exactly the quota pass and counts down to zero', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 5);
        const verdicts: Verdict[] = [];
        for (let i = 0; i < 8; i++) verdicts.push(await at(limiter, rule, 'ip:203.0.113.7', START + 1000));
        expect(verdicts.map((it) => it.allowed)).toEqual([true, true, true, true, true, false, false, false]);
        expect(verdicts.map((it) => it.remaining)).toEqual([4, 3, 2, 1, 0, 0, 0, 0]);
        expect(new Set(verdicts.map((it) => it.quota))).toEqual(new Set([5]));
        for (const { allowed, resetAt, retryAt } of verdicts) {
          expect(resetAt).toBe(algorithm === 'token-bucket' ? START + 1000 + WINDOW : START + WINDOW);
          expect(retryAt > START + 1000).toBe(!allowed);
        }
      });

      it('keeps partitions and policies apart', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 2);
        expect(await send(limiter, rule, 'ip:a', START, 5)).toBe(2);
        expect(await send(limiter, rule, 'ip:a:1', START, 5)).toBe(2);
        expect(await send(limiter, rule, '*', START, 5)).toBe(2);
        expect(await send(limiter, allowance(algorithm, 3), 'ip:a', START, 5)).toBe(3);
      });

      it('follows the reference arithmetic over two windows and more', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 20, { refill: 7 });
        const reference = referenceCounter(rule);
        const random = generator(7);
        let now = START + 500;
        const mismatches: string[] = [];
        for (let i = 0; i < 600; i++) {
          now += Math.floor(random() * random() * 1500);
          const verdict = await at(limiter, rule, 'user:1', now);
          const expected = reference(now);
          if (
            verdict.allowed !== expected.allowed ||
            (expected.allowed && verdict.remaining !== expected.remaining)
          )
            mismatches.push(
              `#${i} at +${now - START}: ${JSON.stringify(verdict)} ${JSON.stringify(expected)}`,
            );
        }
        expect(now - START).toBeGreaterThan(2 * WINDOW);
        expect(mismatches).toEqual([]);
      });

      it('names the very moment from which a refused caller can pass', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 10, { refill: 3 });
        await send(limiter, rule, 'user:2', START + 30_000, 10);
        for (const later of [0, 31_000, 47_123]) {
          const now = START + 30_000 + later;
          await send(limiter, rule, 'user:2', now, 20);
          const { allowed, retryAt } = await at(limiter, rule, 'user:2', now);
          expect(allowed).toBe(false);
          expect((await at(limiter, rule, 'user:2', retryAt - 1)).allowed).toBe(false);
          expect((await at(limiter, rule, 'user:2', retryAt)).allowed).toBe(true);
        }
      });

      it('counts concurrent requests exactly', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 25);
        setNow(START);
        const verdicts = await Promise.all(
          Array.from({ length: 80 }, () => limiter.take(rule, 'token:9', START)),
        );
        expect(verdicts.filter((it) => it.allowed)).toHaveLength(25);
      });

      it('returns a charge', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 3);
        await send(limiter, rule, 'ip:b', START, 2);
        const verdict = await at(limiter, rule, 'ip:b', START);
        await limiter.giveBack(rule, 'ip:b', START, verdict);
        expect(await send(limiter, rule, 'ip:b', START, 4)).toBe(1);
      });

      it('forgets one partition, at once and no other', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 2);
        for (const who of ['1', '1:2', '*']) await send(limiter, rule, who, START, 3);
        await limiter.reset(rule, '*', START);
        await limiter.reset(rule, '1', START);
        expect(await send(limiter, rule, '1', START, 3)).toBe(2);
        expect(await send(limiter, rule, '*', START, 3)).toBe(2);
        expect(await send(limiter, rule, '1:2', START, 3)).toBe(0);
      });

      it('forgets a partition of one policy and leaves it to the others', async () => {
        const limiter = open();
        const [rule, other] = [allowance(algorithm, 2), allowance(algorithm, 2)];
        for (const each of [rule, other]) await send(limiter, each, 'ip:c', START, 3);
        await limiter.reset(rule, 'ip:c', START);
        expect(await send(limiter, other, 'ip:c', START, 3)).toBe(0);
        expect(await send(limiter, rule, 'ip:c', START, 3)).toBe(2);
        await limiter.reset(other, 'ip:c', START);
        expect(await send(limiter, rule, 'ip:c', START, 3)).toBe(0);
        expect(await send(limiter, other, 'ip:c', START, 3)).toBe(2);
      });

      it('knows a refusal without asking, and charges nothing for looking', async () => {
        const limiter = open();
        const rule = allowance(algorithm, 2);
        expect(limiter.peek(rule, 'ip:c', START)?.allowed ?? true).toBe(true);
        await send(limiter, rule, 'ip:c', START, 1);
        for (let i = 0; i < 5; i++) limiter.peek(rule, 'ip:c', START);
        expect(limiter.peek(rule, 'ip:c', START)).toMatchObject({ allowed: true, remaining: 1 });
        await send(limiter, rule, 'ip:c', START, 2);
        expect(limiter.peek(rule, 'ip:c', START)).toMatchObject({ allowed: false, remaining: 0 });
        const again = limiter.take(rule, 'ip:c', START);
        expect(again).not.toBeInstanceOf(Promise);
        expect(again).toMatchObject({ allowed: false });
      });
    });
  });
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
