import { runOf, variantsOf } from './cases.mjs';
import { get, visit } from './http.mjs';
import { RequestFile, sendLoad } from './load.mjs';
import { median } from './table.mjs';
import { articleLists, makeTraffic } from './traffic.mjs';
import { VARIANTS } from './variants.mjs';

/** More than the fields of an answer take. */
const MOST_OF_FIELDS = 3000;

/**
 * Measures one case: every run once per round, in turn, so that whatever else the machine does meets all alike. The
 * first round after a start warms up.
 * @returns per run the numbers of all rounds and their medians
 */
export async function measure(world, it, { seconds, rounds, starts = it.starts ?? 1 }) {
  // no run asks for the misses of another
  const runs = it.runs.map(runOf).map((run, n) => ({ ...run, samples: [], next: n * 1e8 }));
  let bytes = 0;
  for (let start = 0; start < starts; start++) {
    if (starts > 1) await world.run([]);
    await world.run(variantsOf(it));
    const prepared = await (it.miss ? prepareMisses(world, it) : prepareHits(world, it));
    bytes = prepared.bytes;
    try {
      for (let round = 0; round <= rounds; round++)
        for (const run of runs) {
          const warm = run.warm ?? it.warm ?? 1;
          const sample = await oneRun(world, it, run, prepared, round > 0 ? seconds : warm);
          if (round > 0) run.samples.push(sample);
        }
      await prepared.check?.();
    } finally {
      prepared.file.remove();
    }
  }
  return {
    id: it.id,
    title: it.title,
    bytes,
    against: it.against ?? 'koa',
    runs: Object.fromEntries(runs.map(({ name, samples }) => [name, { samples, ...medians(samples) }])),
  };
}

async function oneRun(world, it, run, { file, bytes }, seconds) {
  const server = world.server(run.variant);
  const { origin } = server;
  const before = await server.ask('cpu');
  const connections = run.connections ?? it.connections ?? 32;
  const load = { origin, file, connections, seconds, first: run.next };
  const { requests, seconds: took, bytes: received, p50, p99 } = await sendLoad(load);
  const cpu = (await server.ask('cpu')) - before;
  run.next += requests + 2 * connections;
  const each = received / requests;
  if (each < bytes || each > bytes + MOST_OF_FIELDS)
    throw new Error(
      `${it.id}: ${run.name} answered ${each} bytes to a request instead of ${bytes} and fields`,
    );
  return { rate: requests / took, p50, p99, cpu: cpu / requests };
}

const medians = (samples) =>
  Object.fromEntries(Object.keys(samples[0]).map((of) => [of, median(samples.map((it) => it[of]))]));

/** Asks for everything once, so that a cache has it. */
const fill = (world, variant, requests) => visit(world.server(variant).origin, requests);

/** Asks again until all comes from the cache, and in br where that was asked for: bodies are compressed behind hits. */
async function untilCached(who, { origin }, requests) {
  const { 'Accept-Encoding': asked } = requests[0].headers;
  let left = requests;
  for (let pass = 0; left.length > 0; pass++) {
    if (pass === 10) throw new Error(`${who}: ${left[0].path} does not come from the cache in ${asked}`);
    const late = [];
    await visit(origin, left, (it, { headers }) => {
      if (headers['x-cache'] !== 'HIT' || (asked && headers['content-encoding'] !== 'br')) late.push(it);
    });
    left = late;
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * Fills the caches, checks that all answer the same bytes and this plugin from its cache, and has the bare servers copy
 * what they are to answer.
 * @returns the requests, how many bytes a body of theirs has on average, and the check, to be made again at the end
 */
async function prepareHits(world, it) {
  const variants = variantsOf(it);
  const model = variants.findLast((name) => VARIANTS[name].cached);
  const options = { ...it.traffic, tokens: it.traffic.tokens && world.tokens };
  // what is stored once: a request for each URL and caller, without conditions
  const stored = distinct(makeTraffic({ ...options, matching: 0, origins: 0, close: false }));
  for (const name of variants)
    if (!VARIANTS[name].bare && name !== 'uncached') await fill(world, name, stored);
  for (const name of variants)
    if (VARIANTS[name].cached) await untilCached(`${it.id}: ${name}`, world.server(name), stored);
  const answers = new Map();
  await visit(world.server(model).origin, stored, ({ path }, answer) => answers.set(path, answer));
  const { origin } = world.server(model);
  for (const name of variants)
    if (VARIANTS[name].bare) await world.server(name).ask('copy', { origin, requests: onePerPath(stored) });

  const requests = makeTraffic({ ...options, tagOf: (path) => answers.get(path).headers.etag });
  const some = requests.filter((_, n) => n % Math.ceil(requests.length / 100) === 0);
  const check = async () => {
    for (const name of variants) {
      const { cached } = VARIANTS[name];
      const sent = cached ? [...stored, ...some] : some.slice(0, 40);
      await visit(world.server(name).origin, sent, (asked, answer) =>
        checkAnswer(`${it.id}: ${name}`, cached, asked, answer, answers, it.traffic),
      );
      if (name.includes('otel')) await checkTraced(world.server(name));
    }
  };
  await check();
  const total = requests.reduce(
    (sum, { path, headers }) => sum + (headers['If-None-Match'] ? 0 : answers.get(path).body.length),
    0,
  );
  return { file: new RequestFile(requests), bytes: Math.floor(total / requests.length), check };
}

const distinct = (requests) => [
  ...new Map(requests.map((it) => [`${it.path} ${it.headers.Authorization}`, it])).values(),
];

const onePerPath = (requests) => [...new Map(requests.map((it) => [it.path, it])).values()];

/** @throws Error unless it is what is to be measured */
function checkAnswer(who, cached, { path, headers }, answer, answers, { encoding }) {
  const fail = (why) => {
    throw new Error(`${who}: ${path} ${why}`);
  };
  const conditional = headers['If-None-Match'] !== undefined;
  if (answer.status !== (conditional ? 304 : 200)) fail(`was answered with ${answer.status}`);
  if (!conditional && !answer.body.equals(answers.get(path).body)) fail('has another body than elsewhere');
  if (conditional && answer.headers['content-length']) fail('has a length in a 304');
  if (!cached) return;
  const { 'x-cache': outcome, 'cache-status': why, 'content-encoding': coding } = answer.headers;
  if (outcome !== 'HIT') fail(`was no hit: ${why}`);
  if (headers.Origin && answer.headers['access-control-allow-origin'] !== headers.Origin) fail('has no CORS');
  if (encoding && !conditional && coding !== 'br') fail(`came in the coding ${coding}`);
}

/** @throws Error when no span comes of it */
async function checkTraced(server) {
  // spans are handed on in batches, every five seconds
  for (let seconds = 0; (await server.ask('spans')) === 0; seconds++) {
    if (seconds === 10) throw new Error('nothing was traced');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Checks that all answer the same bytes, and this plugin not from its cache. */
async function prepareMisses(world, it) {
  const [path] = articleLists(1);
  const [{ headers }] = makeTraffic({ urls: [path], requests: 1 });
  const bodies = [];
  for (const variant of variantsOf(it))
    for (const n of [-1, -2]) {
      const answer = await get(world.server(variant).origin, { path: `${path}&key=${n}`, headers });
      if (answer.headers['x-cache'] === 'HIT')
        throw new Error(`${it.id}: ${variant} answered from its cache`);
      bodies.push(answer.body);
    }
  if (bodies.some((body) => !body.equals(bodies[0])))
    throw new Error(`${it.id}: the variants do not answer the same bytes`);
  const file = new RequestFile([{ path: `${path}&key=@COUNT@`, headers }]);
  return { file, bytes: bodies[0].length };
}
