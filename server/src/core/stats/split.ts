import { HOUR, type Bucket } from './ring';
import type { RouteSnapshot } from './route-stats';
import type { SeriesSnapshot } from './series';
import type { StatsSnapshot } from './snapshot';

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
export function joinSnapshot(running: StatsSnapshot, closed: StatsSnapshot): StatsSnapshot {
  const routes = new Map(closed.routes.map((route) => [route.template, route]));
  return {
    ...running,
    all: joinSeries(running.all, closed.all),
    latency: {
      hit: joinSeries(running.latency.hit, closed.latency.hit),
      fill: joinSeries(running.latency.fill, closed.latency.fill),
      store: joinSeries(running.latency.store, closed.latency.store),
    },
    routes: running.routes.map((route) => {
      const past = routes.get(route.template);
      return past ? { ...route, ...joinSeries(route, past) } : route;
    }),
  };
}

/** Epoch milliseconds of the newest hour with numbers; 0 for none. */
export const newestHour = ({ all }: StatsSnapshot): number => all.hours.at(-1)?.at ?? 0;

function eachSeries(
  snapshot: StatsSnapshot,
  change: (series: SeriesSnapshot) => SeriesSnapshot,
): StatsSnapshot {
  const { all, latency, routes } = snapshot;
  return {
    ...snapshot,
    all: change(all),
    latency: { hit: change(latency.hit), fill: change(latency.fill), store: change(latency.store) },
    routes: routes.map((route): RouteSnapshot => ({ ...route, ...change(route) })),
  };
}

function joinSeries(running: SeriesSnapshot, closed: SeriesSnapshot): SeriesSnapshot {
  const hours = new Map<number, Bucket>();
  for (const bucket of [...running.hours, ...closed.hours]) hours.set(bucket.at, bucket);
  return { minutes: running.minutes, hours: [...hours.values()].sort((a, b) => a.at - b.at) };
}
