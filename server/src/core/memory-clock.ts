import { firstPurge } from './grace';

/**
 * The tag clock of a single process. Time is a counter; a tag remembers the count of its last purge.
 * An entry is valid while no tag of it was purged after the reading its fill started from.
 */
export class MemoryClock {
  private seq = 1;
  private floor = 0;
  private readonly purgedAt = new Map<string, number>();
  /** Changes whenever any verdict could change. */
  version = 1;

  /** @param maxTags tags remembered before the older half is folded into the floor */
  constructor(private readonly maxTags = 200_000) {}

  /** The reading a fill takes before its first read. */
  now(): number {
    return this.seq;
  }

  get size(): number {
    return this.purgedAt.size;
  }

  isValid(entry: { seq: number; checked: number; readonly tags: readonly string[] }): boolean {
    if (entry.checked === this.version) return true;
    if (entry.seq < this.floor) return false;
    for (const tag of entry.tags) {
      const purged = this.purgedAt.get(tag);
      if (purged !== undefined && purged > entry.seq) return false;
    }
    entry.checked = this.version;
    return true;
  }

  /** @param now epoch milliseconds: readings are microseconds of it where time allows, so that they tell when */
  purge(tags: Iterable<string>, now = 0): void {
    this.seq = Math.max(this.seq + 1, now * 1000);
    const at = this.seq;
    for (const tag of tags) this.purgedAt.set(tag, at);
    this.version++;
    if (this.purgedAt.size > this.maxTags) this.fold();
  }

  /** See `PurgeTimes` in `grace.ts`. */
  purgeTime(entry: { readonly tags: readonly string[]; seq: number }, hard: number): number | null {
    if (entry.seq < this.floor) return null;
    const at = firstPurge(entry, hard, (tag) => this.purgedAt.get(tag));
    return at === 'hard' ? null : at;
  }

  purgeAll(): void {
    this.floor = ++this.seq;
    this.purgedAt.clear();
    this.version++;
  }

  /** Forgets the older half of the purges. Entries that are older than what was forgotten become invalid. */
  private fold(): void {
    const seqs = [...this.purgedAt.values()].sort((a, b) => a - b);
    const cut = seqs[seqs.length >> 1] ?? this.seq;
    for (const [tag, at] of this.purgedAt) if (at <= cut) this.purgedAt.delete(tag);
    this.floor = Math.max(this.floor, cut);
  }
}
