import type { Overview, PurgeListed, Purges, RateLimits } from '../contracts';
import { mergePolicies } from '../core/limits/ledger';
import { PRICE, project } from '../core/stats/bill';
import type { Period } from '../core/stats/period';
import { summarise } from '../core/stats/summary';
import { mergeReports } from './fleet-stats';
import type { Runtime } from './runtime';

export interface OverviewQuery {
  readonly period: Period;
  /** `all`, or the id of an instance; one that is not known any more means all. */
  readonly instance: string;
}

/** What the cache has done: all instances together, or one of them. Store and health are those of this process. */
export async function readOverview(
  runtime: Runtime,
  { period, instance }: OverviewQuery,
  now: number,
): Promise<Overview> {
  const { store, fleet } = runtime;
  const { reports, complete } = await fleet.gather();
  const chosen = reports.filter((it) => it.id === instance);
  const stats = summarise(mergeReports(chosen.length > 0 ? chosen : reports), period, now);
  const upstash = store.kind === 'upstash';
  return {
    now,
    stats,
    store: store.stats(),
    health: store.health?.() ?? null,
    instances: reports.map(({ id, name, at, ended }, index) => ({ id, name, at, ended, here: index === 0 })),
    instance: chosen[0]?.id ?? 'all',
    complete,
    missing: runtime.compatibility.missing,
    bill: upstash ? { ...PRICE, projected: project(stats.totals.commands, period, stats.since, now) } : null,
  };
}

/** The policies of all instances together, as far as the configuration of this one has them. */
export async function readRateLimits(runtime: Runtime, now: number): Promise<RateLimits> {
  const { reports, complete } = await runtime.fleet.gather();
  const own = reports[0]?.policies ?? [];
  const names = new Set(own.map(({ name }) => name));
  const here = new Set(own.flatMap(({ name, top }) => top.map(({ id }) => `${name} ${id}`)));
  const merged = mergePolicies(reports.map((it) => it.policies.filter(({ name }) => names.has(name))));
  const policies = merged.map((policy) => ({
    ...policy,
    top: policy.top.map((it) => ({ ...it, here: here.has(`${policy.name} ${it.id}`) })),
  }));
  return { now, policies, complete };
}

/** The purges that any instance has sent, newest first. */
export async function readPurges(runtime: Runtime, limit: number, now: number): Promise<Purges> {
  const { reports, complete } = await runtime.fleet.gather();
  const purges = reports
    .flatMap(({ id, name, purges }): PurgeListed[] =>
      purges.map((it) => ({ ...it, instance: reports.length > 1 ? name : null, id: `${id} ${it.number}` })),
    )
    .sort((a, b) => b.at - a.at);
  return { now, purges: purges.slice(0, limit), total: purges.length, complete };
}
