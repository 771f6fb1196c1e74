import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { walkEntries } from './entry-walk';
import type { PurgeRecord } from './purge-history';

/** Writes that follow each other are counted together: one walk through the memory for all of them, milliseconds. */
const PAUSE_MS = 200;
/** A walk takes at most this part of the time, however fast writes follow each other. */
const SHARE = 1 / 20;
/** With more entries than these nobody waits for the walk. */
const MOST_ENTRIES = 20_000;

interface Pending {
  readonly record: PurgeRecord;
  readonly tags: ReadonlySet<string>;
}

/** Finds out how many entries of this process a purge has dropped, behind the back of the write that caused it. */
export class PurgeTally {
  private pending: Pending[] = [];
  private pause = PAUSE_MS;
  private readonly counted = new WeakSet<Entry>();

  constructor(private readonly store: Store) {}

  /** To be told of a purge before it is carried out. One whose entries were counted already keeps its number. */
  add(record: PurgeRecord, tags: ReadonlySet<string> | null): void {
    if (record.entries !== undefined || this.store.stats().entries > MOST_ENTRIES) return;
    if (tags === null) {
      record.entries = [...this.store.entries()].filter((it) => this.store.isValid(it)).length;
      return;
    }
    this.pending.push({ record, tags });
    if (this.pending.length === 1) setTimeout(() => void this.count(), this.pause).unref();
  }

  /** An entry counts for the first purge that names one of its tags, and once. */
  async count(): Promise<void> {
    const pending = this.pending.splice(0);
    const started = performance.now();
    for (const { record } of pending) record.entries = 0;
    await walkEntries([...this.store.entries()], (part) => {
      for (const entry of part) {
        if (this.counted.has(entry) || this.store.isValid(entry)) continue;
        this.counted.add(entry);
        const cause = pending.find(({ tags }) => entry.tags.some((tag) => tags.has(tag)));
        if (cause) cause.record.entries = (cause.record.entries ?? 0) + 1;
      }
    });
    this.pause = Math.max(PAUSE_MS, (performance.now() - started) / SHARE);
  }
}
