import type { Entry } from './entry';
import type { Stamped } from './tag-clock';

/** Why a lookup found nothing that may be served. */
export type MissReason = 'cold' | 'expired' | 'purged' | 'unavailable';

export type Lookup = Entry | MissReason;

export interface Purge {
  /** Tags to drop. Ignored when `all` is set. */
  readonly tags?: Iterable<string>;
  readonly all?: boolean;
}

export interface StoreStats {
  readonly kind: string;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly evictions: number;
  /** Distinct tags the clock remembers. */
  readonly tags: number;
}

/** How well a store with a shared tier stands; a store without one has none. */
export interface StoreHealth {
  /** Whether the shared tier answered when it was last asked. */
  readonly available: boolean;
  /** `open`: the shared tier is not asked for a moment, since it failed. `half-open`: one command tries it. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly lease: {
    /** Milliseconds for which a reading of the tag log counts; 0 reads it before every answer. */
    readonly length: number;
    /** Milliseconds since it was read; null when it never was. */
    readonly age: number | null;
  };
  /** Purges that other instances may not know of yet. */
  readonly undelivered: number;
}

/**
 * Where entries live together with the tag clock that says which of them are still true.
 * A store hands out valid entries only; nobody above it compares seqs.
 */
export interface Store {
  readonly kind: 'memory' | 'upstash' | 'redis';

  /** The valid entry of a key, or why there is none. Synchronous whenever memory can answer (promise P9). */
  get(key: string, now: number): Lookup | Promise<Lookup>;

  /** The valid entry of a key if this process alone can tell at once, else null: then `get` has the answer. */
  here(key: string, now: number): Entry | null;

  /**
   * After `get` found an entry expired or purged: the same entry where it may still be served stale. A purge counts
   * unless the entry's rule made it a soft one.
   */
  stale(key: string, now: number): Entry | null;

  /**
   * The clock reading that a fill must take before its first read, or null while the store cannot know
   * what was purged elsewhere: then nothing may be stored.
   */
  begin(): number | null | Promise<number | null>;

  /** Stores an entry unless something it depends on was purged since its `begin` (promise P2). */
  put(entry: Entry): boolean;

  /**
   * Puts an entry in the place of one with the same content, in the memory of this process.
   * @returns false when that one is no longer there, or there is no room for the other
   */
  replace(entry: Entry, by: Entry): boolean;

  /** Whether an entry that was valid a moment ago still is, by what this process knows now. */
  isValid(entry: Stamped): boolean;

  /**
   * Makes every entry with one of the tags invalid. The local effect is complete when the call returns;
   * the promise resolves when all instances will learn of it.
   */
  purge(purge: Purge): Promise<void>;

  /** Drops one entry from the local tier and, where there is one, the shared tier. */
  delete(key: string): boolean | Promise<boolean>;

  /** Entries held in this process, most recently used first. */
  entries(): Iterable<Entry>;

  stats(): StoreStats;

  health?(): StoreHealth;

  close(): Promise<void>;
}

/** What a remote store tells its owner, for the log and the admin panel. Never holds a value, a key or a secret. */
export type StoreEvent =
  | { readonly type: 'remote-down'; readonly reason: string }
  | { readonly type: 'remote-up' }
  /** The remote tag log was lost or rewound: every entry made before is a miss. */
  | { readonly type: 'log-reset' }
  | { readonly type: 'purge-delayed'; readonly tags: number; readonly all: boolean; readonly reason: string }
  | { readonly type: 'purge-delivered'; readonly purges: number }
  | { readonly type: 'purge-left'; readonly purges: number; readonly journaled: boolean }
  | { readonly type: 'journal-failed'; readonly reason: string }
  | { readonly type: 'write-refused'; readonly reason: string }
  /** A stored frame was not one of ours, or not the one asked for. */
  | { readonly type: 'frame-rejected' };

export type OnStoreEvent = (event: StoreEvent) => void;
