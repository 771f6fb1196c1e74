import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../server/src/core/entry';
import type { Store } from '../../server/src/core/store';
import { PurgeHistory, PurgeTally, type PurgeRecord } from '../../server/src/services/purge-history';

const CAUSE = { source: 'query', action: 'update', uid: 'api::note.note' } as const;

describe('how many entries a purge has dropped', () => {
  const entries: Entry[] = [];
  let fallen: Set<string>;
  let walks: number;
  let walking: number;
  const store = {
    stats: () => ({ entries: entries.length }),
    entries() {
      walks++;
      vi.advanceTimersByTime(walking);
      return entries;
    },
    isValid: (entry: Entry) => !entry.tags.some((tag) => fallen.has(tag)),
  } as unknown as Store;

  beforeEach(() => {
    vi.useFakeTimers();
    entries.splice(0, Infinity, ...['a', 'b', 'b'].map((tag) => ({ tags: [tag] }) as unknown as Entry));
    fallen = new Set();
    walks = 0;
    walking = 0;
  });
  afterEach(() => vi.useRealTimers());

  const purge = (tally: PurgeTally, tag: string): PurgeRecord => {
    const record = new PurgeHistory().add(CAUSE, new Set([tag]), null, 0);
    tally.add(record, new Set([tag]));
    fallen.add(tag);
    return record;
  };

  it('is counted a moment later, once for all that were purged meanwhile', async () => {
    const tally = new PurgeTally(store);
    const records = [purge(tally, 'a'), purge(tally, 'b'), purge(tally, 'c')];
    expect(records.map((it) => it.entries)).toEqual([undefined, undefined, undefined]);
    await vi.advanceTimersByTimeAsync(200);
    expect(records.map((it) => it.entries)).toEqual([1, 2, 0]);
    expect(walks).toBe(1);
  });

  it('is counted the later the longer the last count took, so that writes do not wait for it', async () => {
    const tally = new PurgeTally(store);
    walking = 50;
    purge(tally, 'a');
    await vi.advanceTimersByTimeAsync(200);
    const record = purge(tally, 'b');
    await vi.advanceTimersByTimeAsync(900);
    expect(record.entries).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(record.entries).toBe(2);
  });
});
