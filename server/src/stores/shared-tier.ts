import type { Entry } from '../core/entry';
import { decodeFrame, encodeFrame } from '../core/frame';
import { keepUntil, lingers } from '../core/grace';
import { settle, type SettleParts } from '../core/settle';
import type { Lookup } from '../core/store';
import type { OnStoreEvent } from '../core/store-event';
import { BackgroundWrites } from './background-writes';
import { RemoteError, type RemoteDriver } from './driver';

export interface SharedTierParts extends SettleParts {
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
      if (await settle(entry, this.parts)) return entry;
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

  private name(key: string): string {
    return `${this.parts.prefix}:e:${key}`;
  }
}
