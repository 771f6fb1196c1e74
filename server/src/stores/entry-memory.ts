import { LRUCache } from 'lru-cache';
import { entryBytes, type Entry } from '../core/entry';
import type { StoreStats } from '../core/store';

/** Entries in this process: least recently used leave first, and the bound is in bytes. */
export class EntryMemory {
  private evictions = 0;
  private readonly lru: LRUCache<string, Entry>;

  /** @param maxBytes upper bound of everything held */
  constructor(private readonly maxBytes: number) {
    this.lru = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      sizeCalculation: entryBytes,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get(key: string): Entry | undefined {
    return this.lru.get(key);
  }

  /** Without making it a recently used one. */
  peek(key: string): Entry | undefined {
    return this.lru.peek(key);
  }

  set(entry: Entry): void {
    this.lru.set(entry.key, entry);
  }

  /** @returns false when that one is no longer there, or there is no room for the other */
  replace(entry: Entry, by: Entry): boolean {
    if (this.lru.peek(entry.key) !== entry || entryBytes(by) > this.maxBytes) return false;
    this.lru.set(by.key, by);
    return true;
  }

  delete(key: string): boolean {
    return this.lru.delete(key);
  }

  clear(): void {
    this.lru.clear();
  }

  stats(): Pick<StoreStats, 'entries' | 'bytes' | 'maxBytes' | 'evictions'> {
    const { lru, maxBytes, evictions } = this;
    return { entries: lru.size, bytes: lru.calculatedSize, maxBytes, evictions };
  }

  /** Most recently used first. */
  values(): Iterable<Entry> {
    return this.lru.values();
  }
}
