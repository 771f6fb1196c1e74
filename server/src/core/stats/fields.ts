import type { MissReason } from '../store';

/** Why a lookup found nothing, as far as this process can tell. */
export type MissCause = MissReason | 'evicted';

/** What is counted of all requests together, by its place in a bucket. */
export const Field = {
  hits: 0,
  stale: 1,
  misses: 2,
  bypasses: 3,
  refused: 4,
  coalesced: 5,
  /** Milliseconds that fills took whose responses were served again. */
  savedMs: 6,
  /** Database reads that such fills made. */
  savedReads: 7,
  cold: 8,
  expired: 9,
  purged: 10,
  evicted: 11,
  unavailable: 12,
  /** Body bytes that were served from the cache. */
  bytes: 13,
  /** Commands that were sent to the shared store, as Upstash bills them. */
  commands: 14,
  /** Responses made anew behind a stale one. */
  refreshes: 15,
} as const;

export type FieldName = keyof typeof Field;

export const FIELD_NAMES = Object.keys(Field) as FieldName[];
export const WIDTH = FIELD_NAMES.length;
/** A route's buckets end behind `savedReads`: its reasons are counted since the start only, to save memory. */
export const ROUTE_WIDTH = Field.savedReads + 1;

export type Counts = Readonly<Record<FieldName, number>>;

/** Names for a list of counters; what a shorter list does not hold is 0. */
export function named(counts: readonly number[]): Counts {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, counts[Field[name]] ?? 0])) as Record<
    FieldName,
    number
  >;
}
