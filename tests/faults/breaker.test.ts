import { describe, expect, it } from 'vitest';
import { Backoff } from '../../server/src/core/time';
import { Breaker } from '../../server/src/core/breaker';
import { FakeTime } from '../support/fake-clock';

function make() {
  const time = new FakeTime();
  const changes: [boolean, string][] = [];
  const breaker = new Breaker({
    monotonic: () => time.monotonic(),
    random: () => 1,
    onChange: (open, reason) => changes.push([open, reason]),
  });
  return { time, changes, breaker };
}

describe('backoff', () => {
  it('doubles up to its bound and starts again after a reset', () => {
    const backoff = new Backoff(20, 100, () => 1);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([20, 40, 80, 100, 100]);
    backoff.reset();
    expect(backoff.next()).toBe(20);
  });

  it('spreads over half of the pause', () => {
    expect(new Backoff(20, 100, () => 0).next()).toBe(10);
  });
});

describe('circuit breaker', () => {
  it('lets everything through while all is well', () => {
    const { breaker } = make();
    for (let i = 0; i < 100; i++) breaker.enter()?.ok();
    expect(breaker.isOpen).toBe(false);
  });

  it('refuses for a moment after a failure, then lets a single probe through', async () => {
    const { breaker, time } = make();
    breaker.enter()?.failed('down');
    expect(breaker.enter()).toBeNull();
    await time.advance(21);
    const probe = breaker.enter();
    expect(probe).not.toBeNull();
    expect(breaker.enter()).toBeNull();
    probe?.ok();
    expect(breaker.isOpen).toBe(false);
    expect(breaker.enter()).not.toBeNull();
  });

  it('waits twice as long after a probe that fails, and two seconds at most', async () => {
    const { breaker, time } = make();
    breaker.enter()?.failed('down');
    for (const pause of [20, 40, 80, 160, 320, 640, 1280, 2000, 2000]) {
      await time.advance(pause - 1);
      expect(breaker.enter()).toBeNull();
      await time.advance(2);
      breaker.enter()?.failed('down');
    }
  });

  it('counts attempts that fail together as one', async () => {
    const { breaker, time, changes } = make();
    const passes = Array.from({ length: 50 }, () => breaker.enter());
    for (const pass of passes) pass?.failed('down');
    await time.advance(21);
    expect(breaker.enter()).not.toBeNull();
    expect(changes).toEqual([[true, 'down']]);
  });

  it('does not take the late success of an earlier attempt for recovery', () => {
    const { breaker } = make();
    const early = breaker.enter();
    breaker.enter()?.failed('down');
    early?.ok();
    expect(breaker.isOpen).toBe(true);
  });

  it('always lets urgent attempts through, and learns from them', () => {
    const { breaker, changes } = make();
    breaker.enter()?.failed('down');
    breaker.enter(true)?.ok();
    expect(breaker.isOpen).toBe(false);
    expect(changes).toEqual([
      [true, 'down'],
      [false, ''],
    ]);
  });
});
