import { describe, expect, it } from 'vitest';
import { Refreshes, type Refreshed } from '../../../server/src/core/refreshes';
import { flushPromises } from '../../support/fake-clock';

/** Refreshes that the test lets end. */
class Rig {
  readonly refreshes: Refreshes;
  readonly ends: ((outcome: Refreshed) => void)[] = [];

  constructor(most = 10) {
    this.refreshes = new Refreshes(most);
  }

  start(key: string, now = 0): boolean {
    return this.refreshes.start(key, now, () => new Promise((resolve) => this.ends.push(resolve)));
  }

  end(outcome: Refreshed): Promise<void> {
    this.ends.shift()?.(outcome);
    return flushPromises();
  }
}

describe('Refreshes', () => {
  it('run one at a time for a key, and the next one as soon as it is over', async () => {
    const rig = new Rig();
    expect([rig.start('a'), rig.start('a'), rig.start('b')]).toEqual([true, false, true]);
    await rig.end('stored');
    expect([rig.start('a'), rig.start('b')]).toEqual([true, false]);
  });

  it('run no more of them at once than allowed', async () => {
    const rig = new Rig(2);
    expect(['a', 'b', 'c'].map((key) => rig.start(key))).toEqual([true, true, false]);
    expect(rig.refreshes.active).toBe(2);
    await rig.end('overtaken');
    expect(rig.start('c')).toBe(true);
  });

  it.each<Refreshed>(['failed', 'dropped'])(
    'leave a key alone for a second after one that was %s',
    async (outcome) => {
      const rig = new Rig();
      rig.start('a', 5000);
      await rig.end(outcome);
      expect([rig.start('a', 5999), rig.start('b', 5999), rig.start('a', 6000)]).toEqual([false, true, true]);
    },
  );

  it('take one that throws for one that failed', async () => {
    const { refreshes } = new Rig();
    refreshes.start('a', 0, () => Promise.reject(new Error('broken')));
    await flushPromises();
    expect([refreshes.active, refreshes.start('a', 10, () => Promise.resolve('stored'))]).toEqual([0, false]);
  });

  it('are waited for at the end, and none begins after that', async () => {
    const rig = new Rig();
    rig.start('a');
    let drained = false;
    const done = rig.refreshes.drain().then(() => (drained = true));
    await flushPromises();
    expect([drained, rig.start('b')]).toEqual([false, false]);
    await rig.end('stored');
    await done;
    expect([drained, rig.start('b'), rig.refreshes.active]).toEqual([true, false, 0]);
  });
});
