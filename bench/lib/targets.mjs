/**
 * What the plugin promises, against what was measured: ratios of medians of one run.
 * @returns rows `{ what, value, wanted, holds }` for the cases that were measured
 */
export function targetsOf(results) {
  const rows = [];
  const add = (what, value, wanted, holds) => {
    if (Number.isFinite(value)) rows.push({ what, value, wanted, holds });
  };
  const atLeast = (what, value, least) => add(what, value, `at least ${least}`, value >= least);
  const atMost = (what, value, most) => add(what, value, `at most ${most}`, value <= most);
  const ratio = (id, run, other, of) => {
    const runs = results.find((it) => it.id === id)?.runs;
    return runs?.[run]?.[of] / runs?.[other]?.[of];
  };

  atLeast('hits, 32 connections, throughput of bare Koa', ratio('traffic', 'memory', 'koa', 'rate'), 0.95);
  atLeast('hits, 256 connections, throughput of bare Koa', ratio('traffic256', 'memory', 'koa', 'rate'), 0.8);
  atLeast('hits, throughput of strapi-cache', ratio('traffic', 'memory', 'strapi-cache', 'rate'), 3.5);
  atLeast('hits, throughput of Strapi without a cache', ratio('traffic', 'memory', 'uncached', 'rate'), 150);
  atMost('hits, 32 connections, p99 of bare Koa', ratio('traffic', 'memory', 'koa', 'p99'), 1.5);
  atMost('hits, 256 connections, p99 of bare Koa', ratio('traffic256', 'memory', 'koa', 'p99'), 1.5);
  atMost('miss, CPU of an uncached read', ratio('miss', 'memory', 'uncached', 'cpu'), 1.1);
  for (const { title, writes } of results)
    for (const { kind, label, beside, plain, plugin } of writes ?? [])
      if (beside && kind !== 'query')
        atMost(
          `${label} (${title.split(', ').at(-1)}) beside hits, of without`,
          plugin.median / plain.median,
          1.15,
        );
  return rows;
}
