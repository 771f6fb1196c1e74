import { groupBy } from '../group-by';
import { named, type Counts } from './fields';
import { latencyOf, type Latency } from './latency';
import { pointsOf, SCALES, sumNow, sumOver, type Period } from './period';
import { byKind, mergeRoutes, type LatencyKind, type StatsSnapshot } from './snapshot';
import type { ReasonCounts, RouteSnapshot } from './route-stats';

export interface Rate {
  /** Requests that the cache was asked for: hits, stale hits and misses. */
  readonly requests: number;
  /** The part of them that it answered, 0 to 1; null without requests. */
  readonly hitRate: number | null;
}

export interface ChartPoint extends Pick<Counts, 'hits' | 'stale' | 'misses' | 'bypasses'> {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `hits` are the stale ones too. */
export interface Gain
  extends Rate, Pick<Counts, 'hits' | 'misses' | 'bypasses' | 'refused' | 'savedMs' | 'savedReads'> {
  /** Milliseconds of a fill, on average since the start. */
  readonly fillMs: number;
  /** Since the start: `miss cold`, `bypass rule`, `refused set-cookie`. */
  readonly reasons: ReasonCounts;
}

export interface RouteGain extends Gain {
  readonly template: string;
  readonly type: string | null;
}

export interface TypeGain extends Gain {
  readonly type: string;
  readonly routes: number;
}

export interface StatsSummary {
  readonly period: Period;
  readonly since: number;
  readonly instances: number;
  readonly rates: Readonly<Record<'now' | Period, Rate>>;
  readonly totals: Counts;
  readonly chart: { readonly step: number; readonly points: readonly ChartPoint[] };
  readonly latency: Readonly<Record<LatencyKind, Latency>>;
  readonly reasons: { readonly bypass: ReasonCounts; readonly refused: ReasonCounts };
  readonly routes: readonly RouteGain[];
  readonly types: readonly TypeGain[];
}

/** What a snapshot says about a period, for people and for scripts. */
export function summarise(snapshot: StatsSnapshot, period: Period, now: number): StatsSummary {
  const over = (it: Period): Rate => rateOf(named(sumOver(snapshot.all, it, now)));
  return {
    period,
    since: snapshot.since,
    instances: snapshot.instances,
    rates: {
      now: rateOf(named(sumNow(snapshot.all, now))),
      '1h': over('1h'),
      '24h': over('24h'),
      '7d': over('7d'),
    },
    totals: named(sumOver(snapshot.all, period, now)),
    chart: {
      step: SCALES[period].step,
      points: pointsOf(snapshot.all, period, now).map(({ at, counts }) => {
        const { hits, stale, misses, bypasses } = named(counts);
        return { at, hits, stale, misses, bypasses };
      }),
    },
    latency: byKind((kind) => latencyOf(sumOver(snapshot.latency[kind], period, now))),
    reasons: snapshot.reasons,
    routes: snapshot.routes
      .map((route) => ({ template: route.template, type: route.type, ...gainOf(route, period, now) }))
      .filter(used),
    types: [...groupBy(snapshot.routes, (route) => route.type)]
      .flatMap(([type, routes]): TypeGain[] =>
        type === null ? [] : [{ type, routes: routes.length, ...gainOf(mergeRoutes(routes), period, now) }],
      )
      .filter(used),
  };
}

function rateOf({ hits, stale, misses }: Counts): Rate {
  const requests = hits + stale + misses;
  return { requests, hitRate: requests === 0 ? null : (hits + stale) / requests };
}

const used = (gain: Gain): boolean => gain.requests + gain.bypasses > 0;

function gainOf(route: RouteSnapshot, period: Period, now: number): Gain {
  const counts = named(sumOver(route, period, now));
  const { misses, bypasses, refused, savedMs, savedReads } = counts;
  const hits = counts.hits + counts.stale;
  const { reasons, fill } = route;
  return {
    ...rateOf(counts),
    hits,
    misses,
    bypasses,
    refused,
    savedMs,
    savedReads,
    fillMs: fill.ms,
    reasons,
  };
}
