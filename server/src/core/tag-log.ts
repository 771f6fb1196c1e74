/** A part of the remote history of purges, newest first. */
export interface History {
  /** The newest marker, or null when the answer does not hold it: then the log is lost or was rewound. */
  readonly seq: number | null;
  /** Entries below it are invalid; 0 when the answer does not reach down to it. */
  readonly floor: number;
  /** Markers that a purge came directly after: proof that a marker belongs to this history. */
  readonly links: ReadonlySet<number>;
  readonly tags: readonly (readonly [tag: string, seq: number])[];
  /** The lowest seq of an answer that was cut at its limit; 0 when it is complete. */
  readonly cutAt: number;
}

export interface PurgeAck {
  /** The marker after this purge; the purge itself has the seq just below. */
  readonly marker: number;
  /** The marker before this purge, 0 when there was none. */
  readonly previous: number;
  /** At least `marker` when the purge started a new log; otherwise of no interest. */
  readonly floor: number;
}

/** When each of some tags was last purged, read in one step. */
export interface Standing {
  readonly seq: number | null;
  readonly floor: number;
  readonly purgedAt: readonly (number | null)[];
}

/** The shared half of the tag clock. Every method rejects when no answer came in time. */
export interface TagLog {
  /** What happened at or after a marker, everything for 0. */
  range(from: number): Promise<History>;
  /** The same from the primary; starts a new log when either marker does not belong to the history. */
  resync(from: number, witness: number): Promise<{ readonly reseeded: boolean; readonly history: History }>;
  purge(tags: readonly string[], all: boolean, witness: number): Promise<PurgeAck>;
  standing(tags: readonly string[]): Promise<Standing>;
}
