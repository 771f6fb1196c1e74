import { runOf, writerOf } from './cases.mjs';
import { sendLoad, visit } from './load.mjs';
import { median } from './table.mjs';
import { VARIANTS } from './variants.mjs';

/** Misses of one case ask for other keys than those of another. */
const KEYS_OF_A_CASE = 1e7;
let cases = 0;

/**
 * Measures one case: every run once per round, in turn, so that whatever else the machine does meets all alike. The
 * first round after a start warms up.
 * @returns per run the numbers of all rounds and their medians
 */
export async function measure(world, load, it, { seconds, rounds, starts = it.starts ?? 1 }) {
  const headers = { ...it.headers, ...(it.token && { Authorization: `Bearer ${world.token}` }) };
  const first = (cases += KEYS_OF_A_CASE);
  const runs = it.runs.map(runOf).map((run) => ({ ...run, samples: [], next: first }));
  let bytes = 0;
  for (let start = 0; start < starts; start++) {
    if (starts > 1) for (const { variant } of runs) await world.restart(variant);
    bytes = await prepare(world, it, headers);
    for (let round = 0; round <= rounds; round++)
      for (const run of runs) {
        const sample = await oneRun(world, load, it, run, headers, round === 0 ? (it.warm ?? 1) : seconds);
        if (round > 0) run.samples.push(sample);
      }
  }
  return {
    id: it.id,
    title: it.title,
    bytes,
    runs: Object.fromEntries(runs.map(({ name, samples }) => [name, { samples, ...medians(samples) }])),
  };
}

async function oneRun(world, load, it, run, headers, seconds) {
  const server = world.server(run.variant);
  const writer = run.writer && world.server(writerOf(run));
  if (writer) await writer.ask('startPublishing');
  const before = await server.ask('cpu');
  const { connections = 32, keys = 1, path, miss } = it;
  const result = await sendLoad(load, {
    url: server.origin + path,
    connections,
    seconds,
    headers,
    ...(miss ? { keys: 1e9, first: run.next, inOrder: true } : { keys }),
  });
  const cpu = (await server.ask('cpu')) - before;
  const published = writer ? await writer.ask('stopPublishing') : undefined;
  run.next += result.requests + 2 * connections;
  const { requests, p50, p99 } = result;
  return {
    rate: requests / result.seconds,
    p50,
    p99,
    cpu: cpu / requests,
    ...(published !== undefined && { published }),
  };
}

const medians = (samples) => ({
  rate: median(samples.map((it) => it.rate)),
  p50: median(samples.map((it) => it.p50)),
  p99: median(samples.map((it) => it.p99)),
  cpu: median(samples.map((it) => it.cpu)),
});

/**
 * Fills the caches, checks that all answer the same bytes and this plugin from its cache, and tells the bare servers
 * what to answer.
 * @returns bytes of the body
 */
async function prepare(world, it, headers) {
  const { keys = 1, path, miss } = it;
  const bodies = new Map();
  let model = null;
  for (const { variant } of it.runs.map(runOf)) {
    const { bare, cached } = VARIANTS[variant];
    if (bare || bodies.has(variant)) continue;
    const url = world.server(variant).origin + path;
    if (miss) await visit({ url, headers, keys: 1 });
    else if (variant !== 'uncached') await visit({ url, headers, keys });
    const response = await fetch(url + (keys > 1 ? '&key=1' : ''), { headers: { ...headers, ...PLAIN } });
    const body = Buffer.from(await response.arrayBuffer());
    bodies.set(variant, body);
    if (cached && response.headers.get('x-cache') !== 'HIT')
      throw new Error(
        `${it.id}: ${variant} answered ${response.headers.get('cache-status')}, not from cache`,
      );
    if (cached)
      model ??= { status: response.status, headers: fieldsOf(response), body: body.toString('base64') };
  }
  const [first, ...others] = bodies.values();
  if (others.some((body) => !body.equals(first)))
    throw new Error(`${it.id}: the variants do not answer the same bytes`);
  for (const { variant } of it.runs.map(runOf))
    if (VARIANTS[variant].bare) await world.server(variant).ask('answerWith', model);
  return first.byteLength;
}

/** `fetch` asks for compressed bodies by itself, the load does not. */
const PLAIN = { 'Accept-Encoding': 'identity' };

/** Node adds these by itself. */
const BY_NODE = new Set(['connection', 'keep-alive']);

const fieldsOf = (response) =>
  [...response.headers]
    .filter(([name]) => !BY_NODE.has(name))
    .flatMap(([name, value]) => [properCase(name), value]);

/** `fetch` lowers the names; a server writes them as helmet and Koa do. */
const properCase = (name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
