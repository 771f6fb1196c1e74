import { groupBy } from '../group-by';
import type { ReasonCounts, RouteSnapshot } from './route-stats';
import { type Bucket, type SeriesSnapshot, HOUR } from './series';

export type LatencyKind = 'hit' | 'fill' | 'store';

/** Everything that was counted, as plain data: it can be sent, stored, and merged with that of other instances. */
export interface StatsSnapshot {
  /** Epoch milliseconds from which on was counted. */
  readonly since: number;
  readonly instances: number;
  readonly all: SeriesSnapshot;
  /** Of hits, of fills, and of the shared store. */
  readonly latency: Readonly<Record<LatencyKind, SeriesSnapshot>>;
  readonly reasons: { readonly bypass: ReasonCounts; readonly refused: ReasonCounts };
  readonly routes: readonly RouteSnapshot[];
}

export const byKind = <T>(of: (kind: LatencyKind) => T): Record<LatencyKind, T> => ({
  hit: of('hit'),
  fill: of('fill'),
  store: of('store'),
});

/** The numbers of several instances as one. Spans of time begin at the same instants everywhere, so they add up. */
export function mergeSnapshots(snapshots: readonly StatsSnapshot[]): StatsSnapshot {
  const series = (pick: (it: StatsSnapshot) => SeriesSnapshot): SeriesSnapshot =>
    mergeSeries(snapshots.map(pick));
  const routes = groupBy(
    snapshots.flatMap((it) => it.routes),
    (route) => route.template,
  );
  return {
    since: Math.min(...snapshots.map((it) => it.since)),
    instances: snapshots.reduce((sum, it) => sum + it.instances, 0),
    all: series((it) => it.all),
    latency: byKind((kind) => series((it) => it.latency[kind])),
    reasons: {
      bypass: mergeReasons(snapshots.map((it) => it.reasons.bypass)),
      refused: mergeReasons(snapshots.map((it) => it.reasons.refused)),
    },
    routes: [...routes.values()].map(mergeRoutes),
  };
}

const mergeSeries = (list: readonly SeriesSnapshot[]): SeriesSnapshot => ({
  minutes: mergeBuckets(list.flatMap((it) => it.minutes)),
  hours: mergeBuckets(list.flatMap((it) => it.hours)),
});

function mergeReasons(list: readonly ReasonCounts[]): ReasonCounts {
  const sums = new Map<string, number>();
  for (const counts of list)
    for (const [reason, count] of Object.entries(counts)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return Object.fromEntries(sums);
}

/** Several routes, or one route of several instances, as one. */
export function mergeRoutes(list: readonly RouteSnapshot[]): RouteSnapshot {
  const count = list.reduce((sum, it) => sum + it.fill.count, 0);
  const mean = (pick: (fill: RouteSnapshot['fill']) => number): number =>
    count ? list.reduce((sum, it) => sum + pick(it.fill) * it.fill.count, 0) / count : 0;
  return {
    template: list[0]?.template ?? '',
    type: list.find((it) => it.type !== null)?.type ?? null,
    reasons: mergeReasons(list.map((it) => it.reasons)),
    fill: { count, ms: mean((it) => it.ms), reads: mean((it) => it.reads) },
    ...mergeSeries(list),
  };
}

function mergeBuckets(buckets: readonly Bucket[]): Bucket[] {
  const sums = new Map<number, number[]>();
  for (const { at, counts } of buckets) {
    const sum = sums.get(at);
    if (!sum) sums.set(at, [...counts]);
    else counts.forEach((count, field) => (sum[field] = (sum[field] ?? 0) + count));
  }
  return [...sums].map(([at, counts]) => ({ at, counts })).sort((a, b) => a.at - b.at);
}

/** A snapshot in two: what still changes, and the hours that are over. */
export interface SplitSnapshot {
  readonly running: StatsSnapshot;
  readonly closed: StatsSnapshot;
}

/** Most of a snapshot is about hours that are over: it need not be sent again every minute. */
export function splitSnapshot(snapshot: StatsSnapshot, now: number): SplitSnapshot {
  const hour = Math.floor(now / HOUR) * HOUR;
  return {
    running: eachSeries(snapshot, ({ minutes, hours }) => ({
      minutes,
      hours: hours.filter((it) => it.at >= hour),
    })),
    closed: eachSeries(snapshot, ({ hours }) => ({
      minutes: [],
      hours: hours.filter((it) => it.at < hour),
    })),
  };
}

/** The snapshot that was split. An hour that both parts know is taken from the closed one: it is complete there. */
export const joinSnapshot = (running: StatsSnapshot, closed: StatsSnapshot): StatsSnapshot =>
  eachSeries(running, ({ minutes, hours }, pick) => {
    const joined = new Map<number, Bucket>();
    for (const bucket of [...hours, ...(pick(closed)?.hours ?? [])]) joined.set(bucket.at, bucket);
    return { minutes, hours: [...joined.values()].sort((a, b) => a.at - b.at) };
  });

/** Epoch milliseconds of the newest hour with numbers; 0 for none. */
export const newestHour = ({ all }: StatsSnapshot): number => all.hours.at(-1)?.at ?? 0;

/** @param change gets each series, and what picks the same series of another snapshot */
function eachSeries(
  snapshot: StatsSnapshot,
  change: (
    series: SeriesSnapshot,
    pick: (other: StatsSnapshot) => SeriesSnapshot | undefined,
  ) => SeriesSnapshot,
): StatsSnapshot {
  const { all, latency, routes } = snapshot;
  return {
    ...snapshot,
    all: change(all, (other) => other.all),
    latency: byKind((kind) => change(latency[kind], (other) => other.latency[kind])),
    routes: routes.map((route): RouteSnapshot => {
      const { template } = route;
      return { ...route, ...change(route, (other) => other.routes.find((it) => it.template === template)) };
    }),
  };
}
