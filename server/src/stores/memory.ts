import { LRUCache } from 'lru-cache';
import { entryBytes, type Entry } from '../core/entry';
import { lingers } from '../core/grace';
import { MemoryClock } from '../core/memory-clock';
import type { Lookup, MissReason, Purge, Store, StoreStats } from '../core/store';
import type { Stamped } from '../core/tag-clock';

export interface MemoryStoreOptions {
  /** Upper bound of everything held, bytes. */
  readonly maxBytes: number;
  readonly maxTags?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** The embedded store: least recently used entries leave first, and the bound is in bytes. */
export class MemoryStore implements Store {
  readonly kind = 'memory';
  private readonly clock: MemoryClock;
  private readonly lru: LRUCache<string, Entry>;
  private evictions = 0;

  constructor(private readonly options: MemoryStoreOptions) {
    this.clock = new MemoryClock(options.maxTags);
    this.lru = new LRUCache<string, Entry>({
      maxSize: options.maxBytes,
      sizeCalculation: entryBytes,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get(key: string, now: number): Lookup {
    const entry = this.lru.get(key);
    if (entry === undefined) return 'cold';
    if (!this.clock.isValid(entry)) return this.past(entry, now, 'purged');
    if (entry.freshUntil <= now) return this.past(entry, now, 'expired');
    return entry;
  }

  here(key: string, now: number): Entry | null {
    const entry = this.lru.get(key);
    return entry !== undefined && entry.freshUntil > now && this.clock.isValid(entry) ? entry : null;
  }

  stale(key: string, now: number): Entry | null {
    const entry = this.lru.peek(key);
    return entry && lingers(entry, now, this.clock.isValid(entry), this.clock) ? entry : null;
  }

  begin(): number {
    return this.clock.now();
  }

  put(entry: Entry): boolean {
    if (!this.clock.isValid(entry)) return false;
    this.lru.set(entry.key, entry);
    return true;
  }

  replace(entry: Entry, by: Entry): boolean {
    if (this.lru.peek(entry.key) !== entry || entryBytes(by) > this.options.maxBytes) return false;
    this.lru.set(by.key, by);
    return true;
  }

  isValid(entry: Stamped): boolean {
    return this.clock.isValid(entry);
  }

  purge(purge: Purge): Promise<void> {
    if (purge.all) {
      this.clock.purgeAll();
      this.lru.clear();
    } else if (purge.tags) {
      this.clock.purge(purge.tags, (this.options.now ?? Date.now)());
    }
    return Promise.resolve();
  }

  delete(key: string): boolean {
    return this.lru.delete(key);
  }

  entries(): Iterable<Entry> {
    return this.lru.values();
  }

  stats(): StoreStats {
    return {
      kind: this.kind,
      entries: this.lru.size,
      bytes: this.lru.calculatedSize,
      maxBytes: this.options.maxBytes,
      evictions: this.evictions,
      tags: this.clock.size,
    };
  }

  close(): Promise<void> {
    this.lru.clear();
    return Promise.resolve();
  }

  private past(entry: Entry, now: number, reason: MissReason): MissReason {
    if (!lingers(entry, now, reason === 'expired', this.clock)) this.lru.delete(entry.key);
    return reason;
  }
}
