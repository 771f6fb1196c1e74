import { describe, expect, it } from 'vitest';
import { Popularity, Refills } from '../../../server/src/core/refills';
import { FakeTime } from '../../support/fake-clock';

const MINUTE = 60_000;

interface World {
  busy?: boolean;
  fails?: boolean;
  hangs?: boolean;
}

function refillsIn(world: World, limits: { concurrency?: number; perSecond?: number; most?: number } = {}) {
  const time = new FakeTime();
  const asked: string[] = [];
  const open: (() => void)[] = [];
  const refills = new Refills({
    time,
    isBusy: () => world.busy === true,
    concurrency: 2,
    perSecond: 10,
    most: 50,
    ...limits,
    request: (url) => {
      asked.push(url);
      if (world.fails) return Promise.resolve(false);
      if (!world.hangs) return Promise.resolve(true);
      return new Promise((resolve) => open.push(() => resolve(true)));
    },
  });
  return { refills, time, asked, open };
}

const urls = (count: number): string[] => Array.from({ length: count }, (_, i) => `/${i}`);

describe('refills', () => {
  it('are made in order, each URL once', async () => {
    const { refills, time, asked } = refillsIn({});
    refills.add(['/a', '/b']);
    refills.add(['/b', '/c']);
    await time.advance(MINUTE);
    expect(asked).toEqual(['/a', '/b', '/c']);
    expect(time.pendingTimers).toBe(0);
  });

  it('keep to their rate', async () => {
    const { refills, time, asked } = refillsIn({}, { perSecond: 10 });
    refills.add(urls(50));
    await time.advance(999);
    expect(asked).toHaveLength(10);
    await time.advance(1000);
    expect(asked).toHaveLength(20);
  });

  it('are never more at once than they may be', async () => {
    const { refills, time, asked, open } = refillsIn({ hangs: true }, { concurrency: 2 });
    refills.add(urls(10));
    await time.advance(MINUTE);
    expect(asked).toHaveLength(2);
    open[0]?.();
    await time.advance(MINUTE);
    expect(asked).toHaveLength(3);
  });

  it('are never more than they may be', async () => {
    const { refills, time, asked } = refillsIn({}, { most: 5 });
    refills.add(urls(100));
    await time.advance(MINUTE);
    expect(asked).toHaveLength(5);
  });

  it('pause while visitors need the process', async () => {
    const world: World = { busy: true };
    const { refills, time, asked } = refillsIn(world);
    refills.add(urls(3));
    await time.advance(MINUTE);
    expect(asked).toEqual([]);
    world.busy = false;
    await time.advance(1000);
    expect(asked).toHaveLength(3);
  });

  it('leave the rest to visitors after five failures in a row', async () => {
    const { refills, time, asked } = refillsIn({ fails: true });
    refills.add(urls(50));
    await time.advance(MINUTE);
    expect(asked).toHaveLength(5);
  });

  it('stop when they are told to, and wait for what is under way', async () => {
    const { refills, time, asked, open } = refillsIn({ hangs: true });
    refills.add(urls(10));
    await time.advance(1000);
    let stopped = false;
    const stopping = refills.stop(5000).then(() => (stopped = true));
    await time.advance(1000);
    expect(stopped).toBe(false);
    for (const end of open) end();
    await stopping;
    await time.advance(MINUTE);
    expect(asked).toHaveLength(2);
    expect(time.pendingTimers).toBe(0);
  });
});

describe('the popularity of keys', () => {
  it('counts what was used lately more', () => {
    const popularity = new Popularity(10);
    popularity.note('old', 10);
    for (const uses of [0, 0]) popularity.note('old', uses);
    popularity.note('new', 5);
    expect(popularity.topOf(['old', 'new', 'unknown'], 5)).toEqual(['new', 'old']);
    expect(popularity.topOf(['old', 'new'], 1)).toEqual(['new']);
  });

  it('remembers the most used of any number', () => {
    const popularity = new Popularity(10);
    popularity.note('used', 99);
    for (let i = 0; i < 1000; i++) popularity.note(`once ${i}`, 1);
    expect(popularity.sorted().length).toBeLessThanOrEqual(20);
    expect(popularity.sorted()[0]).toEqual(['used', 99]);
  });
});
