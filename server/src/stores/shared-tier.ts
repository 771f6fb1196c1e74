import type { Entry } from '../core/entry';
import { decodeFrame, encodeFrame } from '../core/frame';
import { keepUntil, lingers } from '../core/grace';
import type { Lease } from '../core/lease';
import type { Lookup, OnStoreEvent } from '../core/store';
import type { TagClock } from '../core/tag-clock';
import type { TagLog } from '../core/tag-log';
import { RemoteError, type RemoteDriver } from './driver';

/** A marker further ahead of the wall clock than this is a lie or a broken clock, not a witness. Microseconds. */
const CREDIBLE = 86_400_000_000;

/** Writes that nobody waits for, bounded in the bytes they hold. */
class BackgroundWrites {
  private readonly running = new Map<string, Promise<void>>();
  private bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @returns false when too much is under way: the write is not made */
  start(key: string, bytes: number, write: () => Promise<void>): boolean {
    if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) return false;
    this.bytes += bytes;
    const done = write()
      .catch(this.onError)
      .finally(() => {
        this.bytes -= bytes;
        if (this.running.get(key) === done) this.running.delete(key);
      });
    this.running.set(key, done);
    return true;
  }

  /** Resolves when the write of that key is over. */
  async over(key: string): Promise<void> {
    await this.running.get(key);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
  }
}

export interface SharedTierParts {
  readonly clock: TagClock;
  readonly log: TagLog;
  readonly lease: Lease;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly driver: RemoteDriver;
  readonly prefix: string;
  /** Bytes of frames that may be on their way at once. */
  readonly maxPending: number;
  readonly onEvent: OnStoreEvent;
}

/** Entries in Redis, each under its own key and with an expiry. */
export class SharedTier {
  private readonly writes: BackgroundWrites;

  constructor(private readonly parts: SharedTierParts) {
    this.writes = new BackgroundWrites(parts.maxPending, (error) => {
      // While Redis is down writes fail by the dozen, and the breaker has told so once.
      if (error instanceof RemoteError && (error.failure === 'full' || error.failure === 'command'))
        parts.onEvent({ type: 'write-refused', reason: error.message });
    });
  }

  /** The entry of a key if it holds or may still be served stale. Never rejects. */
  async fetch(key: string, now: number): Promise<Lookup> {
    try {
      const frame = await this.parts.driver.read(this.name(key));
      if (frame === null) return 'cold';
      const entry = decodeFrame(frame, key);
      if (entry === null) {
        this.parts.onEvent({ type: 'frame-rejected' });
        return 'cold';
      }
      // Redis counts its expiry from when a write arrives, which may be late.
      if (keepUntil(entry) <= now) return 'expired';
      if (await this.holds(entry)) return entry;
      return lingers(entry, now, false, this.parts.clock) ? entry : 'purged';
    } catch {
      return 'unavailable';
    }
  }

  /** Shares an entry in the background. */
  share(entry: Entry): void {
    const ttl = Math.ceil(keepUntil(entry) - this.parts.now());
    if (!(ttl > 0)) return;
    const frame = encodeFrame(entry);
    this.writes.start(entry.key, frame.byteLength, () =>
      this.parts.driver.write(this.name(entry.key), frame, ttl),
    );
  }

  /** @returns whether it was there; false too when Redis cannot be asked */
  async delete(key: string): Promise<boolean> {
    await this.writes.over(key);
    try {
      return Number(await this.parts.driver.command(['DEL', this.name(key)], 'lookup')) > 0;
    } catch {
      return false;
    }
  }

  /** Resolves when no write is under way. */
  idle(): Promise<void> {
    return this.writes.idle();
  }

  /**
   * Whether an entry holds, asking the log where this process cannot tell. An entry older than the horizon that holds
   * gets the seq at which it was found to hold.
   * @throws when the log cannot be asked
   */
  private async holds(entry: Entry): Promise<boolean> {
    const { clock, lease, now } = this.parts;
    let verdict = clock.check(entry);
    if (verdict === 'old') verdict = (await this.recheck(entry)) ? clock.check(entry) : 'no';
    if (verdict === 'future') {
      if (await lease.ensure(0)) verdict = clock.check(entry);
      if (verdict === 'future' && entry.seq < now() * 1000 + CREDIBLE) {
        // The log does not know a marker that somebody has seen: proof that it lost a part of its history.
        clock.saw(entry.seq);
        lease.expire();
      }
    }
    return verdict === 'yes';
  }

  private async recheck(entry: Entry): Promise<boolean> {
    const { clock, log, lease } = this.parts;
    const { seen } = clock;
    const { seq, floor, purgedAt } = await log.standing(entry.tags);
    if (seq === null || seq < seen) {
      lease.expire();
      return false;
    }
    if (floor > entry.seq || purgedAt.some((at) => at !== null && at > entry.seq)) return false;
    clock.saw(seq);
    entry.seq = seq;
    entry.checked = 0;
    return true;
  }

  private name(key: string): string {
    return `${this.parts.prefix}:e:${key}`;
  }
}
