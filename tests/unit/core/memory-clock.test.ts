import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryClock } from '../../../server/src/stores/memory';

interface Stamped {
  seq: number;
  checked: number;
  readonly tags: readonly string[];
}

describe('MemoryClock', () => {
  let clock: MemoryClock;
  beforeEach(() => {
    clock = new MemoryClock();
  });
  const made = (...tags: string[]): Stamped => ({ seq: clock.now(), checked: 0, tags });

  it('holds an entry valid while none of its tags is purged', () => {
    const entry = made('a', 'b');
    clock.purge(['c']);
    expect(clock.isValid(entry)).toBe(true);
    clock.purge(['b', 'd']);
    expect(clock.isValid(entry)).toBe(false);
  });

  it('holds an entry invalid whose fill began before the purge, however late it is asked', () => {
    const slow = made('a');
    clock.purge(['a']);
    clock.purge(['z']);
    expect(clock.isValid(slow)).toBe(false);
    expect(clock.isValid(made('a'))).toBe(true);
  });

  it('never finds a purged entry valid again', () => {
    const entry = made('a');
    expect(clock.isValid(entry)).toBe(true);
    clock.purge(['a']);
    expect(clock.isValid(entry)).toBe(false);
    clock.purge(['b']);
    expect(clock.isValid(entry)).toBe(false);
  });

  it('drops every entry on a purge of all, those without tags too, and none made after it', () => {
    const old = [made(), made('a')];
    clock.purgeAll();
    expect(old.map((it) => clock.isValid(it))).toEqual([false, false]);
    expect(clock.isValid(made('a'))).toBe(true);
    expect(clock.size).toBe(0);
  });

  it('remembers what it checked while nothing changes', () => {
    let looked = 0;
    const tags = new Proxy(['a'], {
      get(target, name, receiver) {
        if (name === Symbol.iterator) looked++;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const entry: Stamped = { seq: clock.now(), checked: 0, tags };
    for (let i = 0; i < 5; i++) clock.isValid(entry);
    expect(looked).toBe(1);
    clock.purge(['b']);
    for (let i = 0; i < 5; i++) clock.isValid(entry);
    expect(looked).toBe(2);
  });

  it('remembers a tag once, however often it is purged', () => {
    for (let i = 0; i < 1000; i++) clock.purge(['a', 'b']);
    expect(clock.size).toBe(2);
  });

  it('forgets old purges beyond its bound, and takes what is older than them for purged', () => {
    clock = new MemoryClock(100);
    const old = made('never-purged');
    const purged = made('t0');
    for (let i = 0; i < 90; i++) clock.purge([`t${i}`]);
    const middle = made('kept');
    expect(clock.isValid(old)).toBe(true);
    for (let i = 90; i < 110; i++) clock.purge([`t${i}`]);
    expect(clock.size).toBeLessThanOrEqual(100);
    expect(clock.isValid(old)).toBe(false);
    expect(clock.isValid(purged)).toBe(false);
    expect(clock.isValid(middle)).toBe(true);
  });

  it('never forgets a purge that an entry still may not outlive: 2,000 histories', () => {
    let seed = 1;
    const dice = (sides: number): number => (seed = (seed * 48_271) % 2_147_483_647) % sides;
    for (let history = 0; history < 2000; history++) {
      clock = new MemoryClock(4);
      const entries: { entry: Stamped; stale: boolean }[] = [];
      for (let step = 0; step < 30; step++) {
        const tag = `t${dice(8)}`;
        const kind = dice(10);
        if (kind < 4) entries.push({ entry: made(tag), stale: false });
        else if (kind < 9) {
          clock.purge([tag]);
          for (const it of entries) it.stale ||= it.entry.tags.includes(tag);
        } else {
          clock.purgeAll();
          for (const it of entries) it.stale = true;
        }
        for (const it of entries) if (it.stale) expect(clock.isValid(it.entry)).toBe(false);
      }
    }
  });
});
