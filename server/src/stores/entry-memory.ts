import { LRUCache } from 'lru-cache';
import { entryBytes, type Entry } from '../core/entry';
import type { StoreStats } from '../core/store';

/** Entries in this process: least recently used leave first, and the bound is in bytes. */
export class EntryMemory extends LRUCache<string, Entry> {
  private evictions = 0;

  /** @param maxBytes upper bound of everything held */
  constructor(private readonly maxBytes: number) {
    super({
      maxSize: maxBytes,
      sizeCalculation: entryBytes,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  /** @returns false when that one is no longer there, or there is no room for the other */
  replace(entry: Entry, by: Entry): boolean {
    if (this.peek(entry.key) !== entry || entryBytes(by) > this.maxBytes) return false;
    this.set(by.key, by);
    return true;
  }

  stats(): Pick<StoreStats, 'entries' | 'bytes' | 'maxBytes' | 'evictions'> {
    const { size, calculatedSize, maxBytes, evictions } = this;
    return { entries: size, bytes: calculatedSize, maxBytes, evictions };
  }
}
