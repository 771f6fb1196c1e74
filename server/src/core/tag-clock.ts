import { firstPurge } from './grace';
import type { History, PurgeAck } from './tag-log';

/** `old`: only the log can tell. `future`: made by somebody who knows more than this process. */
export type Verdict = 'yes' | 'no' | 'old' | 'future';

/** The parts of an entry that decide whether it still holds. */
export interface Stamped {
  readonly tags: readonly string[];
  seq: number;
  checked: number;
}

/** Steps of `witness` whose time is remembered. */
const MOST_WITNESSED = 256;

/** What this process knows of the purges of all processes. It asks nobody; see `lease.ts` for that. */
export class TagClock {
  /** The newest marker at or below which every purge above the horizon is known here. */
  seen = 0;
  /** The newest marker known to exist at all; never below `seen`. */
  witness = 0;
  /** Changes whenever any verdict could change. */
  version = 1;
  private horizon = Infinity;
  private floor = 0;
  private readonly purgedAt = new Map<string, number>();
  /** Own purges that are not acknowledged yet: purged at infinity until their seq is known. */
  private readonly dirty = new Map<string, { count: number; readonly since: number }>();
  private dirtyAll = 0;

  /** When `witness` came to be what it was, newest last: what has a lower seq happened before that. */
  private readonly witnessed: { readonly marker: number; readonly at: number }[] = [];

  /**
   * @param maxTags tags remembered before the older half is left to the log
   * @param now epoch milliseconds, to tell how long ago a purge was
   */
  constructor(
    private readonly maxTags = 50_000,
    private readonly now: () => number = () => Infinity,
  ) {}

  get size(): number {
    return this.purgedAt.size;
  }

  get dirtyTags(): number {
    return this.dirty.size;
  }

  check(entry: Stamped): Verdict {
    if (entry.checked === this.version) return 'yes';
    if (entry.seq < this.floor || this.dirtyAll > 0) return 'no';
    for (const tag of entry.tags) {
      if (this.dirty.has(tag)) return 'no';
      const at = this.purgedAt.get(tag);
      if (at !== undefined && at > entry.seq) return 'no';
    }
    if (entry.seq < this.horizon) return 'old';
    if (entry.seq > this.seen) return 'future';
    entry.checked = this.version;
    return 'yes';
  }

  /** See `PurgeTimes` in `grace.ts`. */
  purgeTime(entry: { readonly tags: readonly string[]; seq: number }, hard: number): number | null {
    if (entry.seq < this.floor || entry.seq < this.horizon || this.dirtyAll > 0) return null;
    let sent = Infinity;
    for (const [index, tag] of entry.tags.entries()) {
      const since = this.dirty.get(tag)?.since;
      if (since === undefined) continue;
      if (index < hard) return null;
      sent = Math.min(sent, since);
    }
    const at = firstPurge(entry, hard, (tag) => this.purgedAt.get(tag));
    if (at === 'hard') return null;
    if (at === null) return sent === Infinity ? null : sent;
    // A new log starts ahead of time, so a seq may tell a time to come.
    return Math.min(at, sent, this.witnessed.find(({ marker }) => marker >= at * 1000)?.at ?? Infinity);
  }

  /**
   * Takes in a part of the history.
   * @param from what `seen` was when the request was sent; an own purge may have moved it since
   * @param witness the same of `witness`
   * @param trusted the primary has vouched that both belong to its history
   * @returns false when the answer is not a continuation of what is known here
   */
  apply(history: History, from: number, witness: number, trusted: boolean): boolean {
    const { seq, floor, links, cutAt } = history;
    if (seq === null || seq < from) return false;
    const known = (marker: number) => marker <= 0 || marker === seq || floor > marker || links.has(marker);
    if (!trusted && !(known(from) && known(witness))) return false;
    if (from === 0 || floor > from) this.adopt(floor);
    for (const [tag, at] of history.tags) if (this.raise(tag, at)) this.version++;
    if (cutAt > this.horizon) {
      this.horizon = cutAt;
      this.version++;
    }
    if (seq > this.seen) this.seen = seq;
    this.saw(this.seen);
    this.compact();
    return true;
  }

  /**
   * Takes in the answer to an own purge.
   * @returns false when the log holds something unknown here, so that it must be read before the next answer
   */
  acknowledge(ack: PurgeAck, tags: readonly string[]): boolean {
    let complete = true;
    if (ack.floor >= ack.marker) {
      if (ack.marker > this.seen) {
        this.adopt(ack.floor);
        this.seen = ack.marker;
      } else complete = false;
    } else {
      for (const tag of tags) this.raise(tag, ack.marker - 1);
      this.version++;
      // Taking the marker when others purged in between would skip what they purged.
      if (ack.previous === this.seen) this.seen = ack.marker;
      else complete = false;
    }
    this.saw(ack.marker);
    this.compact();
    return complete;
  }

  /** Somebody has seen this marker. */
  saw(marker: number): void {
    if (marker <= this.witness) return;
    this.witness = marker;
    this.witnessed.push({ marker, at: this.now() });
    if (this.witnessed.length > MOST_WITNESSED) this.witnessed.shift();
  }

  /** An own purge sets out (+1), or its seq is known (-1). */
  markDirty(tags: readonly string[], all: boolean, by: 1 | -1): void {
    if (all) this.dirtyAll += by;
    for (const tag of tags) {
      const known = this.dirty.get(tag) ?? { count: 0, since: this.now() };
      known.count += by;
      if (known.count > 0) this.dirty.set(tag, known);
      else this.dirty.delete(tag);
    }
    this.version++;
  }

  private raise(tag: string, at: number): boolean {
    if (at <= (this.purgedAt.get(tag) ?? 0)) return false;
    this.purgedAt.set(tag, at);
    return true;
  }

  /** A new floor makes the purges below it meaningless, and everything above it is known. */
  private adopt(floor: number): void {
    if (floor > this.floor) this.floor = floor;
    this.horizon = this.floor;
    for (const [tag, at] of this.purgedAt) if (at < this.floor) this.purgedAt.delete(tag);
    this.version++;
  }

  /** Leaves the older half of the purges to the log: entries older than those must be checked there. */
  private compact(): void {
    if (this.purgedAt.size <= this.maxTags) return;
    const seqs = [...this.purgedAt.values()].sort((a, b) => b - a);
    const cut = seqs[this.maxTags >> 1] ?? this.seen;
    for (const [tag, at] of this.purgedAt) if (at <= cut) this.purgedAt.delete(tag);
    if (cut > this.horizon) this.horizon = cut;
    this.version++;
  }
}
