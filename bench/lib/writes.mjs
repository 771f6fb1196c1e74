import { get, visit } from './http.mjs';
import { RequestFile, startSteady } from './load.mjs';
import { median, percentile } from './table.mjs';
import { articleLists, makeTraffic, noteLists } from './traffic.mjs';

/** Hits per second: far from what either side can answer. */
export const PER_SECOND = 1000;
const CONNECTIONS = 64;
/** Milliseconds between two publications, so that none begins with what the one before it has held up. */
export const PAUSE = 60;

/** What is written, and what is read beside it, which must stay in the cache. */
const KINDS = [
  { kind: 'note', label: 'publication of a note', urls: articleLists(200), count: 25, pause: PAUSE },
  { kind: 'article', label: 'publication of an article', urls: noteLists(200), count: 20, pause: PAUSE },
  {
    kind: 'query',
    label: 'autocommit update by `strapi.db.query`',
    urls: articleLists(200),
    count: 100,
    pause: 10,
  },
];

/**
 * How long writes take with the plugin and without it, in quiet and beside hits that both answer alike: the one from the
 * plugin's cache, the other by a plain middleware in front of Strapi that has the same bytes.
 * @returns for each kind of write, quiet and beside hits, medians and 95th percentiles of both sides
 */
export async function measureWrites(world, it, { rounds, starts, quick }) {
  const sides = Object.entries(it.writes); // plain, plugin
  const rows = KINDS.flatMap(({ kind, label }) =>
    [false, true].map((beside) => ({ kind, label, beside, rounds: [] })),
  );
  for (let start = 0; start < starts; start++) {
    await world.run([]);
    await world.run(Object.values(it.writes));
    for (const { kind, urls, count, pause } of KINDS) {
      const requests = makeTraffic({ urls });
      const file = await prepare(world, it.writes, urls, requests);
      try {
        for (let round = 0; round <= rounds; round++)
          for (const row of rows.filter((of) => of.kind === kind)) {
            const found = {};
            // neither side is always the first
            for (const [side, variant] of round % 2 ? sides : sides.toReversed())
              found[side] = await writeBeside(world.server(variant), file, kind, {
                count: quick ? Math.ceil(count / 3) : count,
                pause,
                beside: row.beside,
                cached: side === 'plugin',
              });
            // the first one warms up
            if (round > 0) row.rounds.push(found);
          }
      } finally {
        file.remove();
      }
    }
  }
  return { id: it.id, title: it.title, writes: rows.map(summary) };
}

/** Fills the plugin's cache, and has the other side copy it. */
async function prepare(world, { plain, plugin }, urls, requests) {
  const { headers } = requests[0];
  const all = urls.map((path) => ({ path, headers }));
  const { origin } = world.server(plugin);
  for (let n = 0; n < 2; n++) await visit(origin, all);
  await world.server(plain).ask('copy', { origin, requests: all });
  for (const path of [urls[0], urls.at(-1)]) {
    const [one, other] = await Promise.all(
      [plain, plugin].map((name) => get(world.server(name).origin, { path, headers })),
    );
    if (one.status !== 200 || !one.body.equals(other.body)) throw new Error(`${path} differs`);
  }
  return new RequestFile(requests);
}

async function writeBeside(server, file, kind, { count, pause, beside, cached }) {
  const write = () => server.ask('write', { kind, count, pause });
  if (!beside) return { times: await write() };
  const load = { origin: server.origin, file, perSecond: PER_SECOND, connections: CONNECTIONS };
  const stop = await startSteady(load);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const times = await write();
  const hits = await stop();
  if (cached && hits.hits < hits.answered) throw new Error(`${hits.answered - hits.hits} were no hits`);
  return { times, p99: hits.p99, perSecond: hits.perSecond };
}

function summary({ rounds, ...row }) {
  const side = (name) => {
    const times = rounds.flatMap((it) => it[name].times);
    return {
      median: median(times),
      p95: percentile(times, 0.95),
      ...(row.beside && {
        hitsP99: median(rounds.map((it) => it[name].p99)),
        hitsPerSecond: median(rounds.map((it) => it[name].perSecond)),
      }),
      rounds: rounds.map((it) => median(it[name].times)),
    };
  };
  return { ...row, plain: side('plain'), plugin: side('plugin') };
}
