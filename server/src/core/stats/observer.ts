import type { Entry } from '../entry';
import type { MissReason } from '../store';

/** The route of a request, as far as statistics tell routes apart. */
export interface ObservedRoute {
  readonly template: string;
  readonly controller: string | null;
}

/**
 * Told of every outcome, with values that exist anyway: nothing is allocated for it. `now` is epoch milliseconds,
 * `begun` what `begin` returned when the request arrived.
 */
export interface Observer {
  /** A reading of a fine clock. */
  begin(): number;
  hit(route: ObservedRoute, entry: Entry, now: number, begun: number): void;
  /** A response that is no longer fresh was served. */
  stale(route: ObservedRoute, entry: Entry, now: number, begun: number): void;
  miss(route: ObservedRoute, key: string, why: MissReason, now: number): void;
  /** A miss was answered by the fill of another request. */
  coalesced(route: ObservedRoute, now: number): void;
  /** A response was made anew behind a stale one, whatever became of it. */
  refreshed(route: ObservedRoute, now: number): void;
  /** A fill is over, whatever became of it. */
  filled(route: ObservedRoute, now: number, begun: number): void;
  /** @param reads how many database reads the fill made */
  stored(route: ObservedRoute, entry: Entry, reads: number): void;
  /** A response may not be stored. */
  refused(route: ObservedRoute, reason: string, now: number): void;
  /** @param route null where no route is known */
  bypass(route: ObservedRoute | null, reason: string, now: number): void;
}
