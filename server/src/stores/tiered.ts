import type { Breaker } from '../core/breaker';
import type { Entry } from '../core/entry';
import { Flights } from '../core/flights';
import { lingers } from '../core/grace';
import type { Lease } from '../core/lease';
import { isPortable, type PurgeQueue } from '../core/purge-queue';
import type { Lookup, MissReason, Purge, Store, StoreHealth, StoreStats } from '../core/store';
import type { Stamped, TagClock } from '../core/tag-clock';
import { within, type Time } from '../core/time';
import type { RemoteDriver } from './driver';
import type { EntryMemory } from './entry-memory';
import type { SharedTier } from './shared-tier';

export interface TieredParts {
  readonly clock: TagClock;
  readonly lease: Lease;
  readonly queue: PurgeQueue;
  readonly memory: EntryMemory;
  readonly shared: SharedTier;
  readonly time: Time;
  /** Milliseconds that one call of `get` or `begin` may take, however many commands it needs. */
  readonly deadline: number;
  /** Milliseconds that `close` waits for purges and writes that are under way. */
  readonly drain: number;
  readonly breaker: Breaker;
  readonly driver: RemoteDriver;
}

/** Joined lookups that turn out to be older than what their caller must know are made again this often. */
const ROUNDS = 3;
/** A reading of the clock that old still serves as the start of a fill: it is only a little too careful. */
const BEGIN = 1000;

/** Memory over Redis, coherent by the tag clock and the lease. */
export class TieredStore implements Store {
  readonly kind: 'upstash' | 'redis';
  private readonly lookups = new Flights<Lookup>();
  private closing: Promise<void> | null = null;

  constructor(private readonly parts: TieredParts) {
    this.kind = parts.driver.kind;
  }

  get(key: string, now: number): Lookup | Promise<Lookup> {
    return this.here(key, now) ?? this.inTime<Lookup>(this.lookUp(key, now), 'unavailable');
  }

  here(key: string, now: number): Entry | null {
    if (!this.parts.lease.holds()) return null;
    const entry = this.parts.memory.get(key);
    return entry !== undefined && entry.freshUntil > now && this.parts.clock.check(entry) === 'yes'
      ? entry
      : null;
  }

  stale(key: string, now: number): Entry | null {
    const { memory, lease } = this.parts;
    const entry = memory.peek(key);
    // Without the log nobody can tell what others have purged for good.
    if (entry === undefined || !lease.trusted) return null;
    return this.lingers(entry, now) ? entry : null;
  }

  begin(): number | null | Promise<number | null> {
    const { clock, lease } = this.parts;
    if (lease.trusted && lease.holds(BEGIN)) return clock.seen;
    return this.inTime(
      this.ensure().then((ok) => (ok ? clock.seen : null)),
      null,
    );
  }

  put(entry: Entry): boolean {
    if (this.closing || this.parts.clock.check(entry) !== 'yes' || !entry.tags.every(isPortable))
      return false;
    this.parts.memory.set(entry.key, entry);
    this.parts.shared.share(entry);
    return true;
  }

  replace(entry: Entry, by: Entry): boolean {
    return this.parts.memory.replace(entry, by);
  }

  isValid(entry: Stamped): boolean {
    // Without the log this process cannot tell what others purged since the entry was begun.
    return this.parts.lease.trusted && this.parts.clock.check(entry) === 'yes';
  }

  purge(purge: Purge): Promise<void> {
    if (purge.all) this.parts.memory.clear();
    return this.parts.queue.submit(purge);
  }

  async delete(key: string): Promise<boolean> {
    // A lookup under way would bring it back into memory.
    await this.lookups.of(key);
    const here = this.parts.memory.delete(key);
    const there = await this.parts.shared.delete(key);
    return here || there;
  }

  entries(): Iterable<Entry> {
    return this.parts.memory.values();
  }

  stats(): StoreStats {
    const { memory, clock } = this.parts;
    return { kind: this.kind, ...memory.stats(), tags: clock.size };
  }

  health(): StoreHealth {
    const { queue, breaker, lease } = this.parts;
    return {
      available: !breaker.isOpen && lease.trusted,
      breaker: breaker.state,
      lease: { length: lease.length, age: lease.age },
      undelivered: queue.size,
    };
  }

  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  /**
   * Takes over the purges that an earlier process left in the journal. Runs by itself before anything is served.
   * @returns false when the journal could not be read
   */
  recover(): Promise<boolean> {
    return this.parts.queue.recover().then(
      () => true,
      () => false,
    );
  }

  /** Resolves when no write to the shared tier is under way. */
  idle(): Promise<void> {
    return this.parts.shared.idle();
  }

  private ensure(): Promise<boolean> {
    return this.closing ? Promise.resolve(false) : this.parts.lease.ensure();
  }

  private async lookUp(key: string, now: number): Promise<Lookup> {
    const { clock, shared } = this.parts;
    let why: MissReason = 'cold';
    for (let round = 0; round < ROUNDS; round++) {
      if (!(await this.ensure())) return 'unavailable';
      const local = this.fromMemory(key, now);
      if (typeof local !== 'string') return local;
      if (local !== 'cold') why = local;
      const flight = this.lookups.of(key) ?? this.lookups.lead(key, () => this.fetch(shared, key, now));
      const found = await flight;
      if (found === 'cold') return why;
      if (typeof found === 'string') return found;
      // Its leader may have set out before a purge that this caller must see.
      const holds = clock.check(found) === 'yes';
      if (holds && found.freshUntil > now) return found;
      why = holds ? 'expired' : 'purged';
      if (this.lingers(found, now)) return why;
    }
    return why;
  }

  private async fetch(shared: SharedTier, key: string, now: number): Promise<Lookup> {
    const found = await shared.fetch(key, now);
    if (typeof found === 'string' || this.closing) return found;
    const here = this.parts.memory.peek(key);
    // What may be served stale at most must not take the place of what was made meanwhile.
    if (found.freshUntil > now || here === undefined || here.storedAt < found.storedAt)
      this.parts.memory.set(key, found);
    return found;
  }

  private fromMemory(key: string, now: number): Lookup {
    const { memory, clock } = this.parts;
    const entry = memory.get(key);
    if (entry === undefined) return 'cold';
    const verdict = clock.check(entry);
    if (verdict === 'yes' && entry.freshUntil > now) return entry;
    if (!this.lingers(entry, now)) memory.delete(key);
    if (verdict === 'no') return 'purged';
    return verdict === 'yes' ? 'expired' : 'cold';
  }

  private lingers(entry: Entry, now: number): boolean {
    const { clock } = this.parts;
    const verdict = clock.check(entry);
    return (verdict === 'yes' || verdict === 'no') && lingers(entry, now, verdict === 'yes', clock);
  }

  /** A request never waits longer for the store than its deadline. */
  private inTime<T>(answer: Promise<T>, late: T): Promise<T> {
    return within(this.parts.time, this.parts.deadline, answer, () => late);
  }

  private async shutDown(): Promise<void> {
    const { queue, shared, time, drain, memory, driver } = this.parts;
    await Promise.all([queue.drain(drain), within(time, drain, shared.idle(), () => {})]);
    memory.clear();
    await driver.close();
  }
}
