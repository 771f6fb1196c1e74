import type { Entry } from '../entry';
import type { MissReason } from '../store';
import { Field, WIDTH } from './fields';
import { LATENCY_BUCKETS, latencyBucket } from './latency';
import type { ObservedRoute, Observer } from './observer';
import { Reasons, RouteStats } from './route-stats';
import { Series } from './series';
import { byKind, type StatsSnapshot } from './snapshot';

/** Routes told apart; requests for any other are counted as one. With all of them in use everything together is 1.8 MB. */
const MOST_ROUTES = 128;
const OTHER: ObservedRoute = { template: '(other)', controller: null };

/** Counts what happens to requests, in plain numbers and constant memory. */
export class Recorder implements Observer {
  private readonly all = new Series(WIDTH, Float64Array);
  private readonly latency = byKind(() => new Series(LATENCY_BUCKETS, Uint32Array));
  private readonly routes = new Map<string, RouteStats>();
  private readonly reasons = { bypass: new Reasons(), refused: new Reasons() };
  /** Keys that were stored here, and those of them that were dropped by hand. */
  private known = new RememberedKeys();
  private fallen = new RememberedKeys();
  private counted = 0;

  /**
   * @param since epoch milliseconds
   * @param clock milliseconds with a fraction; only differences mean something
   */
  constructor(
    readonly since: number,
    private readonly clock: () => number,
  ) {}

  begin(): number {
    return this.clock();
  }

  hit(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    this.served(Field.hits, this.routeOf(route), entry, now, begun);
  }

  stale(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    this.served(Field.stale, this.routeOf(route), entry, now, begun);
  }

  miss(route: ObservedRoute, key: string, why: MissReason, now: number): void {
    const stored = this.known.take(key);
    const fallen = this.fallen.take(key);
    const cause = why !== 'cold' ? why : fallen ? 'purged' : stored ? 'evicted' : 'cold';
    const found = this.routeOf(route);
    this.count(Field.misses, found, now);
    this.all.add(Field[cause], 1, now);
    found.reasons.add(`miss ${cause}`);
  }

  coalesced(route: ObservedRoute, now: number): void {
    this.count(Field.coalesced, this.routeOf(route), now);
  }

  filled(_route: ObservedRoute, now: number, begun: number): void {
    this.latency.fill.add(latencyBucket(this.clock() - begun), 1, now);
  }

  refreshed(route: ObservedRoute, now: number): void {
    this.routeOf(route).reasons.add('refresh');
    this.all.add(Field.refreshes, 1, now);
  }

  stored(route: ObservedRoute, entry: Entry, reads: number): void {
    this.known.add(entry.key);
    this.routeOf(route).filled(entry.cost, reads);
  }

  refused(route: ObservedRoute, reason: string, now: number): void {
    const found = this.routeOf(route);
    this.count(Field.refused, found, now);
    this.reasons.refused.add(reason);
    found.reasons.add(`refused ${reason}`);
  }

  bypass(route: ObservedRoute | null, reason: string, now: number): void {
    this.reasons.bypass.add(reason);
    if (route === null) {
      this.counted++;
      return this.all.add(Field.bypasses, 1, now);
    }
    const found = this.routeOf(route);
    this.count(Field.bypasses, found, now);
    found.reasons.add(`bypass ${reason}`);
  }

  /**
   * A command to the shared store is over.
   * @param billed how many commands it is on the bill
   * @param ms milliseconds until its answer; null when none came
   */
  asked(billed: number, ms: number | null, now: number): void {
    this.all.add(Field.commands, billed, now);
    if (ms !== null) this.latency.store.add(latencyBucket(ms), 1, now);
  }

  /** Grows with every request, and stands still while there are none. */
  get volume(): number {
    return this.counted;
  }

  /**
   * Entries were dropped by hand: their next miss is neither a first request nor an eviction.
   * @param keys null for everything
   */
  dropped(keys: Iterable<string> | null): void {
    if (keys === null) {
      this.fallen = this.known;
      this.known = new RememberedKeys();
    } else {
      for (const key of keys) if (this.known.take(key)) this.fallen.add(key);
    }
  }

  /** Bytes of everything whose size depends on traffic or time. */
  get bytes(): number {
    let bytes = this.all.bytes;
    for (const series of Object.values(this.latency)) bytes += series.bytes;
    bytes += this.known.bytes + this.fallen.bytes;
    for (const route of this.routes.values()) bytes += route.series.bytes;
    return bytes;
  }

  read(now: number): StatsSnapshot {
    return {
      since: this.since,
      instances: 1,
      all: this.all.read(now),
      latency: byKind((kind) => this.latency[kind].read(now)),
      reasons: { bypass: this.reasons.bypass.read(), refused: this.reasons.refused.read() },
      routes: [...this.routes.values()].map((route) => route.read(now)),
    };
  }

  private served(outcome: number, route: RouteStats, entry: Entry, now: number, begun: number): void {
    this.count(outcome, route, now);
    if (entry.cost > 0) this.count(Field.savedMs, route, now, entry.cost);
    if (route.readsPerFill > 0) this.count(Field.savedReads, route, now, route.readsPerFill);
    this.all.add(Field.bytes, entry.body.byteLength, now);
    entry.hits = (entry.hits ?? 0) + 1;
    this.latency.hit.add(latencyBucket(this.clock() - begun), 1, now);
  }

  private count(field: number, route: RouteStats, now: number, amount = 1): void {
    this.counted++;
    this.all.add(field, amount, now);
    route.series.add(field, amount, now);
  }

  private routeOf(route: ObservedRoute): RouteStats {
    const known = this.routes.get(route.template);
    if (known) return known;
    if (this.routes.size >= MOST_ROUTES && route !== OTHER) return this.routeOf(OTHER);
    const made = new RouteStats(route.template, route.controller);
    this.routes.set(route.template, made);
    return made;
  }
}

const SLOTS = 16_384;

/**
 * Which keys were stored here, so that a miss of one of them can be told from a first request. A later key takes the
 * slot of an earlier one that falls on it: the answer is right nearly always, and the memory is constant.
 */
export class RememberedKeys {
  private readonly slots = new Uint32Array(SLOTS);

  get bytes(): number {
    return this.slots.byteLength;
  }

  add(key: string): void {
    const mark = markOf(key);
    this.slots[mark % SLOTS] = mark;
  }

  /** Whether a key was there; it is not any more. */
  take(key: string): boolean {
    const mark = markOf(key);
    if (this.slots[mark % SLOTS] !== mark) return false;
    this.slots[mark % SLOTS] = 0;
    return true;
  }
}

/** FNV-1a over the first characters of a key, which is a digest already. */
function markOf(key: string): number {
  let mark = 2_166_136_261;
  for (let i = 0; i < 16 && i < key.length; i++) mark = Math.imul(mark ^ key.charCodeAt(i), 16_777_619);
  return mark >>> 0 || 1;
}
