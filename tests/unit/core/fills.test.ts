import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../server/src/core/entry';
import { Fills, type Filled, type FillRole } from '../../../server/src/core/fills';
import { MemoryStore } from '../../../server/src/stores/memory';
import { entryOf } from '../../support/entries';
import { flushPromises } from '../../support/fake-clock';

/** A handler that the test lets end. */
class Handler {
  readonly started: { seq: number; end: (filled: Filled) => void; fail: (error: Error) => void }[] = [];

  readonly run = (seq: number): Promise<Filled> =>
    new Promise((end, fail) => this.started.push({ seq, end, fail }));

  entry(run: number, tags = ['t']): Entry {
    return entryOf({ key: 'k', seq: this.started[run]?.seq ?? 0, tags, body: Buffer.from(`run ${run}`) });
  }

  end(run: number, shared: Entry | null = this.entry(run), more: Partial<Filled> = {}): Promise<void> {
    this.started[run]?.end({ shared, ...more });
    return flushPromises();
  }
}

describe('Fills', () => {
  let store: MemoryStore;
  let passes: Set<string>;
  let fills: Fills;
  let handler: Handler;
  let impatient: (() => void)[];

  beforeEach(() => {
    store = new MemoryStore({ maxBytes: 1_000_000 });
    passes = new Set();
    handler = new Handler();
    impatient = [];
    fills = new Fills(store, passes, () => {
      let lose = (): void => undefined;
      const over = new Promise<'slow'>((resolve) => (lose = () => resolve('slow')));
      impatient.push(lose);
      return { over, cancel: () => void impatient.splice(impatient.indexOf(lose), 1) };
    });
  });

  const ask = (size: number): Promise<FillRole>[] =>
    Array.from({ length: size }, () => fills.run('k', handler.run));
  const roles = async (asked: Promise<FillRole>[]): Promise<string[]> =>
    (await Promise.all(asked)).map((it) => (it.role === 'alone' ? it.reason : it.role));

  it('runs the handler once for 200 callers, and gives its response to all', async () => {
    const asked = ask(200);
    await flushPromises();
    expect(handler.started).toHaveLength(1);
    expect(fills.inFlight).toBe(1);
    await handler.end(0);
    const all = await Promise.all(asked);
    expect(all.filter((it) => it.role === 'leader')).toHaveLength(1);
    const followers = all.filter((it) => it.role === 'follower');
    expect(followers).toHaveLength(199);
    expect(new Set(followers.map((it) => String(it.entry.body)))).toEqual(new Set(['run 0']));
    expect(fills.inFlight).toBe(0);
    expect(impatient).toHaveLength(0);
  });

  it('does not mix keys', async () => {
    const one = fills.run('one', handler.run);
    const other = fills.run('other', handler.run);
    await flushPromises();
    expect(handler.started).toHaveLength(2);
    await handler.end(0);
    await handler.end(1);
    expect(await roles([one, other])).toEqual(['leader', 'leader']);
  });

  it('throws what the handler threw to the leader alone, and lets the others go by themselves', async () => {
    const [leader, ...followers] = ask(3);
    await flushPromises();
    handler.started[0]?.fail(new Error('broken'));
    await expect(leader).rejects.toThrow('broken');
    expect(await roles(followers)).toEqual(['failed', 'failed']);
    const next = ask(1);
    await flushPromises();
    await handler.end(1);
    expect(await roles(next)).toEqual(['leader']);
  });

  it('lets everybody go by themselves when the response was made for one, and remembers that', async () => {
    const asked = ask(3);
    await flushPromises();
    await handler.end(0, null, { personal: true });
    expect(await roles(asked)).toEqual(['leader', 'unshared', 'unshared']);
    expect(await roles(ask(2))).toEqual(['unshared', 'unshared']);
    expect(handler.started).toHaveLength(1);
    passes.clear();
    const later = ask(1);
    await flushPromises();
    await handler.end(1);
    expect(await roles(later)).toEqual(['leader']);
  });

  it('leads again at once when the last response was not for one caller by what it is', async () => {
    const failing = ask(2);
    await flushPromises();
    await handler.end(0, null, { failed: true });
    expect(await roles(failing)).toEqual(['leader', 'failed']);
    const refused = ask(2);
    await flushPromises();
    await handler.end(1, null);
    expect(await roles(refused)).toEqual(['leader', 'unshared']);
    const purged = ask(1);
    await flushPromises();
    await store.purge({ tags: ['t'] });
    await handler.end(2);
    expect(await roles(purged)).toEqual(['leader']);
    const next = ask(2);
    await flushPromises();
    await handler.end(3);
    expect(await roles(next)).toEqual(['leader', 'follower']);
  });

  it('hands over a response that is not stored but may be shared', async () => {
    const asked = ask(2);
    await flushPromises();
    await handler.end(0, handler.entry(0));
    expect(await roles(asked)).toEqual(['leader', 'follower']);
    expect(store.get('k', 0)).toBe('cold');
  });

  it('runs the handler again, once, for all whose leader was overtaken by a purge', async () => {
    const asked = ask(50);
    await flushPromises();
    await store.purge({ tags: ['t'] });
    await handler.end(0);
    expect(handler.started).toHaveLength(2);
    expect(handler.started[1]?.seq).toBeGreaterThan(handler.started[0]?.seq ?? Infinity);
    await handler.end(1);
    const all = await Promise.all(asked);
    expect(all.filter((it) => it.role === 'leader')).toHaveLength(2);
    const followers = all.filter((it) => it.role === 'follower');
    expect(new Set(followers.map((it) => String(it.entry.body)))).toEqual(new Set(['run 1']));
  });

  it('stops to wait for others whose responses are purged again and again', async () => {
    const asked = ask(10);
    await flushPromises();
    for (let run = 0; run < 3; run++) {
      await store.purge({ tags: ['t'] });
      await handler.end(run);
    }
    const all = await roles(asked);
    expect(all.filter((it) => it === 'leader')).toHaveLength(3);
    expect(all.filter((it) => it === 'unshared')).toHaveLength(7);
    expect(handler.started).toHaveLength(3);
  });

  it('lets followers go by themselves when the leader takes too long', async () => {
    const [leader, ...followers] = ask(3);
    await flushPromises();
    for (const lose of [...impatient]) lose();
    expect(await roles(followers)).toEqual(['slow', 'slow']);
    await handler.end(0);
    expect((await leader)?.role).toBe('leader');
  });

  it('runs no fill while the store cannot know what was purged', async () => {
    const unavailable = Object.assign(new MemoryStore({ maxBytes: 100_000 }), { begin: () => null });
    fills = new Fills(unavailable, passes, () => ({
      over: new Promise(() => undefined),
      cancel: () => undefined,
    }));
    expect(await roles(ask(2))).toEqual(['unavailable', 'unavailable']);
    expect(handler.started).toHaveLength(0);
  });

  it('has one leader, though the store is asked first', async () => {
    const begun: ((seq: number) => void)[] = [];
    const remote = Object.assign(new MemoryStore({ maxBytes: 100_000 }), {
      begin: () => new Promise<number>((resolve) => begun.push(resolve)),
    });
    fills = new Fills(remote, passes, () => ({
      over: new Promise(() => undefined),
      cancel: () => undefined,
    }));
    const asked = ask(20);
    await flushPromises();
    for (const resolve of begun) resolve(1);
    await flushPromises();
    expect(handler.started).toHaveLength(1);
    await handler.end(0);
    expect((await roles(asked)).filter((it) => it === 'leader')).toHaveLength(1);
  });
});
