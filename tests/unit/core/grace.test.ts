import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../server/src/core/entry';
import { keepUntil, lingers, mayOnError, mayRevalidate, type Grace } from '../../../server/src/core/grace';
import { TagClock } from '../../../server/src/core/tag-clock';
import { MemoryStore } from '../../../server/src/stores/memory';
import { entryOf } from '../../support/entries';

const NOW = 1_800_000_000_000;
const SECOND = 1000;

const graceOf = (over: Partial<Grace> = {}): Grace => ({
  revalidate: 10 * SECOND,
  error: 30 * SECOND,
  limit: NOW + 90 * SECOND,
  hardTags: 2,
  ...over,
});

/** Fresh for a minute. Its first two tags are hard ones. */
const entry = (over: Partial<Entry> = {}): Entry =>
  entryOf({
    key: 'k',
    seq: 1,
    now: NOW,
    freshUntil: NOW + 60 * SECOND,
    tags: ['k|k', 'c|find', 'content'],
    grace: graceOf(),
    ...over,
  });

const never = { purgeTime: () => null };
const at = (seconds: number): number => NOW + seconds * SECOND;

describe('an entry past its lifetime', () => {
  it('may be served while it is refreshed in the first window, and for errors in the second', () => {
    expect([at(60), at(69.9), at(70)].map((now) => mayRevalidate(entry(), now))).toEqual([true, true, false]);
    expect([at(60), at(89.9), at(90)].map((now) => mayOnError(entry(), now))).toEqual([true, true, false]);
    expect(lingers(entry(), at(89), true, never)).toBe(true);
    expect(lingers(entry(), at(90), true, never)).toBe(false);
  });

  it('is of no use behind the end of the credential that it was made for', () => {
    const short = entry({ grace: graceOf({ limit: at(65) }) });
    expect(mayRevalidate(short, at(66))).toBe(false);
    expect(mayOnError(short, at(66))).toBe(false);
    expect(keepUntil(short)).toBe(at(65));
  });

  it('is of no use at all where no window is open', () => {
    const strict = entry({ grace: null });
    expect(lingers(strict, at(60), true, never)).toBe(false);
    expect(keepUntil(strict)).toBe(at(60));
  });
});

describe('a purge', () => {
  const clockAt = (seconds: number | null): { purgeTime(): number | null } => ({
    purgeTime: () => (seconds === null ? null : at(seconds)),
  });

  it('opens the windows from when it was, and a later one does not open them anew', () => {
    const purged = entry();
    expect(lingers(purged, at(21), false, clockAt(20))).toBe(true);
    expect(mayRevalidate(purged, at(29))).toBe(true);
    expect(lingers(purged, at(40), false, clockAt(39))).toBe(true);
    expect([mayRevalidate(purged, at(40)), mayOnError(purged, at(49))]).toEqual([false, true]);
    expect(lingers(purged, at(50), false, clockAt(49))).toBe(false);
  });

  it('leaves nothing when the clock says that it was for good', () => {
    expect(lingers(entry(), at(1), false, clockAt(null))).toBe(false);
  });

  it('leaves nothing where all tags are hard, as they are without a soft purge', () => {
    expect(lingers(entry({ grace: graceOf({ hardTags: 3 }) }), at(1), false, clockAt(0))).toBe(false);
  });
});

describe('the memory store', () => {
  const open = (): { store: MemoryStore; now: { value: number } } => {
    const now = { value: NOW };
    return { store: new MemoryStore({ maxBytes: 1_000_000, now: () => now.value }), now };
  };

  it('keeps what a soft purge made stale, and knows when', async () => {
    const { store, now } = open();
    store.put(entry({ seq: store.begin() }));
    now.value = at(5);
    await store.purge({ tags: ['content'] });
    expect(store.get('k', at(12))).toBe('purged');
    expect(store.stale('k', at(12))?.purgedAt).toBe(at(5));
    expect(store.get('k', at(35))).toBe('purged');
    expect(store.stats().entries).toBe(0);
  });

  it.each([['k|k'], ['c|find']])('drops it when %s is purged: access ends at once', async (tag) => {
    const { store } = open();
    store.put(entry({ seq: store.begin() }));
    await store.purge({ tags: ['content'] });
    await store.purge({ tags: [tag] });
    expect(store.get('k', at(1))).toBe('purged');
    expect(store.stale('k', at(1))).toBeNull();
  });

  it('drops everything when everything is purged', async () => {
    const { store } = open();
    store.put(entry({ seq: store.begin() }));
    await store.purge({ all: true });
    expect(store.get('k', at(1))).toBe('cold');
    expect(store.stale('k', at(1))).toBeNull();
  });
});

describe('the tag clock, of when an entry was purged', () => {
  const ack = (previous: number, marker: number) => ({ previous, marker, floor: 0 });
  const clockAt = (now: { value: number }): TagClock => {
    const clock = new TagClock(1000, () => now.value);
    clock.acknowledge({ previous: 0, marker: NOW * 1000, floor: NOW * 1000 }, []);
    return clock;
  };

  it('tells the time of the purge by its seq, in milliseconds', () => {
    const now = { value: at(100) };
    const clock = clockAt(now);
    clock.acknowledge(ack(NOW * 1000, at(7) * 1000), ['content']);
    expect(clock.purgeTime({ tags: ['x', 'content'], seq: NOW * 1000 }, 1)).toBeCloseTo(at(7), 0);
  });

  it('tells when it was heard of where the log is ahead of time, as a new one is', () => {
    const now = { value: at(3) };
    const clock = clockAt(now);
    clock.acknowledge(ack(NOW * 1000, at(60) * 1000), ['content']);
    now.value = at(30);
    expect(clock.purgeTime({ tags: ['content'], seq: NOW * 1000 }, 0)).toBe(at(3));
  });

  it('tells when it set out where it is not acknowledged yet', () => {
    const now = { value: at(3) };
    const clock = clockAt(now);
    clock.markDirty(['content'], false, 1);
    now.value = at(30);
    expect(clock.purgeTime({ tags: ['content'], seq: NOW * 1000 }, 0)).toBe(at(3));
    expect(clock.purgeTime({ tags: ['content'], seq: NOW * 1000 }, 1)).toBeNull();
  });

  it('tells nothing where a hard tag was purged, nor below the floor', () => {
    const clock = clockAt({ value: NOW });
    clock.acknowledge(ack(NOW * 1000, at(7) * 1000), ['hard', 'content']);
    expect(clock.purgeTime({ tags: ['hard', 'content'], seq: NOW * 1000 }, 1)).toBeNull();
    expect(clock.purgeTime({ tags: ['hard', 'content'], seq: 5 }, 0)).toBeNull();
  });
});
