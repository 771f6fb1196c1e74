import { HOUR, MINUTE, type Bucket, type SeriesSnapshot } from './series';

export const PERIODS = ['1h', '24h', '7d'] as const;

/** How far back a question about statistics goes. */
export type Period = (typeof PERIODS)[number];

interface Scale {
  readonly from: 'minutes' | 'hours';
  /** Milliseconds of what one point of a chart stands for. */
  readonly step: number;
  readonly points: number;
}

export const SCALES: Readonly<Record<Period, Scale>> = {
  '1h': { from: 'minutes', step: MINUTE, points: 60 },
  '24h': { from: 'hours', step: HOUR, points: 24 },
  '7d': { from: 'hours', step: 4 * HOUR, points: 42 },
};

/** "Now": so many minutes, the running one among them. */
const NOW_MINUTES = 5;

/** The sum of a series over a period. */
export function sumOver(series: SeriesSnapshot, period: Period, now: number): number[] {
  const { from, step, points } = SCALES[period];
  return sum(series[from].filter((it) => it.at >= firstOf(step, points, now)));
}

/** The sum of the last minutes. */
export const sumNow = (series: SeriesSnapshot, now: number): number[] =>
  sum(series.minutes.filter((it) => it.at >= firstOf(MINUTE, NOW_MINUTES, now)));

/** A point for every step of a period, those without traffic too, oldest first. */
export function pointsOf(series: SeriesSnapshot, period: Period, now: number): Bucket[] {
  const { from, step, points } = SCALES[period];
  const first = firstOf(step, points, now);
  const groups = Array.from({ length: points }, (): Bucket[] => []);
  for (const bucket of series[from]) groups[Math.floor((bucket.at - first) / step)]?.push(bucket);
  return groups.map((group, index) => ({ at: first + index * step, counts: sum(group) }));
}

const firstOf = (step: number, points: number, now: number): number =>
  (Math.floor(now / step) - points + 1) * step;

function sum(buckets: readonly Bucket[]): number[] {
  const sums: number[] = [];
  for (const { counts } of buckets)
    counts.forEach((count, field) => (sums[field] = (sums[field] ?? 0) + count));
  return sums;
}
