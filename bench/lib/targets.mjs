/**
 * What issue 8 promises, against what was measured: ratios of medians of one run.
 * @returns rows `{ what, value, wanted, holds }` for the cases that were measured
 */
export function targetsOf(results, memory) {
  const found = (id, run, of) => results.find((it) => it.id === id)?.runs[run]?.[of];
  const rows = [];
  const add = (what, value, least, most) => {
    if (!Number.isFinite(value)) return;
    const holds = least === null ? value <= most : value >= least;
    rows.push({ what, value, wanted: least === null ? `at most ${most}` : `at least ${least}`, holds });
  };
  const rate = (what, id, run, other, least) =>
    add(what, found(id, run, 'rate') / found(id, other, 'rate'), least, null);
  const p99 = (what, id, run, other, most) =>
    add(what, found(id, run, 'p99') / found(id, other, 'p99'), null, most);

  rate('hit, throughput of bare Koa', 'hit', 'memory', 'koa', 1);
  rate('hit, throughput of strapi-cache', 'hit', 'memory', 'strapi-cache', 3.5);
  rate('hit, throughput of plugin-rest-cache', 'hit', 'memory', 'rest-cache', 50);
  rate('hit, throughput of Strapi without a cache', 'hit', 'memory', 'uncached', 200);
  p99('hit, p99 of bare Koa', 'hit', 'memory', 'koa', 1.5);
  rate('hit with Origin, throughput of bare Koa', 'origin', 'memory', 'koa', 0.8);
  rate('hit with an API token, throughput of bare Koa', 'token', 'memory', 'koa', 0.8);
  p99(
    'hit while a writer publishes to PostgreSQL, p99 of quiet hits',
    'writer-postgres',
    'postgres, writer',
    'postgres',
    2,
  );
  p99('the same to SQLite on a disk in memory', 'writer', 'ram, writer', 'ram', 2);
  p99('the same to SQLite on a disk, for which commits wait', 'writer', 'memory, writer', 'memory', 2);
  rate('rate limit on, throughput of off', 'limits', 'limits', 'memory', 0.9);
  add(
    'miss, CPU of an uncached read',
    found('miss', 'memory', 'cpu') / found('miss', 'uncached', 'cpu'),
    null,
    1.1,
  );
  add(
    'miss, p50 of an uncached read',
    found('miss1', 'memory', 'p50') / found('miss1', 'uncached', 'p50'),
    null,
    1.1,
  );
  if (memory)
    add(
      'memory per entry, of 1.3 times its body + 1 KB',
      memory.perEntry / (memory.body * 1.3 + 1024),
      null,
      1,
    );
  return rows;
}
