/** Milliseconds at which the first bucket ends; each further one ends a quarter later than the one before. */
const FIRST = 0.01;
const GROWTH = 1.25;
const SCALE = 1 / Math.log(GROWTH);

/** From 0.01 ms to more than a minute. */
export const LATENCY_BUCKETS = 72;

/** The bucket that a duration falls into. */
export function latencyBucket(ms: number): number {
  if (!(ms > FIRST)) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.ceil(Math.log(ms / FIRST) * SCALE));
}

export interface Latency {
  /** How many were measured. */
  readonly count: number;
  /** Milliseconds; null when nothing was measured. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Percentiles of durations counted by bucket, each off by less than a quarter. */
export function latencyOf(counts: readonly number[]): Latency {
  const count = counts.reduce((sum, it) => sum + it, 0);
  const percentile = (share: number): number | null => {
    if (count === 0) return null;
    let rest = share * count;
    const bucket = counts.findIndex((it) => (rest -= it) <= 0 && it > 0);
    const end = FIRST * GROWTH ** (bucket < 0 ? LATENCY_BUCKETS - 1 : bucket);
    // the geometric middle of the bucket
    return end / Math.sqrt(GROWTH);
  };
  return { count, p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) };
}
