import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../../scripts/lib/paths.mjs';
import { CASES } from './cases.mjs';
import { printTable } from './table.mjs';
import { targetsOf } from './targets.mjs';
import { peersFolder, VARIANTS } from './variants.mjs';
import { PAUSE, PER_SECOND } from './writes.mjs';

const number = (value) => Math.round(value).toLocaleString('en-US');
const small = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : number(value));

/** `memory, writer` is the variant `memory` in another way. */
const labelOf = (name) => {
  const [variant, ...rest] = name.split(', ');
  return [VARIANTS[variant].label, ...rest].join(', ');
};

const ratio = (value) => value.toFixed(value < 0.1 ? 4 : 2);

/** One line per run; ratios against bare Koa, or what the case is measured against. */
function rowsOf({ runs, against }) {
  return Object.entries(runs).map(([name, run]) => {
    const [, ...rest] = name.split(', ');
    const base = runs[[against, ...rest].join(', ')];
    return {
      '': labelOf(name),
      'req/s': number(run.rate),
      ratio: ratio(run.rate / base.rate),
      'pair by pair': span(run.samples.map((it, i) => it.rate / base.samples[i].rate)),
      'p50 ms': small(run.p50),
      'p50 ratio': ratio(run.p50 / base.p50),
      'p99 ms': small(run.p99),
      'p99 ratio': ratio(run.p99 / base.p99),
      'CPU us/req': number(run.cpu),
      'CPU ratio': ratio(run.cpu / base.cpu),
    };
  });
}

/** The lowest and the highest ratio of a round. */
const span = (ratios) => `${ratio(Math.min(...ratios))}-${ratio(Math.max(...ratios))}`;

/** One line per kind of write, quiet and beside hits. */
const writeRowsOf = ({ writes }) =>
  writes.map(({ label, beside, plain, plugin }) => ({
    '': `${label}, ${beside ? 'beside hits' : 'quiet'}`,
    'without ms': small(plain.median),
    'with ms': small(plugin.median),
    ratio: ratio(plugin.median / plain.median),
    'pair by pair': span(plugin.rounds.map((it, i) => it / plain.rounds[i])),
    'p95 without': small(plain.p95),
    'p95 with': small(plugin.p95),
    // below what was asked for where a server was held up for long
    'hits/s': beside ? number(Math.min(plain.hitsPerSecond, plugin.hitsPerSecond)) : '',
    'p99 of hits without': beside ? small(plain.hitsP99) : '',
    'p99 of hits with': beside ? small(plugin.hitsP99) : '',
  }));

const tableOf = (result) => (result.writes ? writeRowsOf(result) : rowsOf(result));

export function printCase(result) {
  console.log(`\n${result.title} (${result.id}, ${Math.round(result.took)} s)\n`);
  printTable(tableOf(result));
}

export const printMemory = (memory) => console.log(`\n${memoryText(memory)}`);

const targetRows = (targets) =>
  targets.map(({ what, value, wanted, holds }) => ({
    '': what,
    measured: small(value),
    wanted,
    holds: holds ? 'yes' : 'no',
  }));

export function printTargets(targets) {
  if (targets.length === 0) return;
  console.log('\nTargets: ratios of medians\n');
  printTable(targetRows(targets));
}

const memoryText = ({ entries, body, perEntry, counted }) =>
  `${number(entries)} entries with a body of ${number(body)} bytes: ${number(perEntry)} bytes of memory each, ` +
  `of which the store counts ${number(counted)} towards its limit.`;

const markdown = (rows) => {
  const names = Object.keys(rows[0]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const marks = names.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(names), line(marks), ...rows.map((row) => line(names.map((name) => row[name])))].join('\n');
};

/** Everything that a number depends on beside the code. */
export function machine(wrk) {
  const require = createRequire(path.join(root, 'package.json'));
  const { dependencies } = JSON.parse(readFileSync(path.join(peersFolder, 'package.json'), 'utf8'));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit,
    processor: `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    strapi: require('@strapi/strapi/package.json').version,
    load: `wrk ${wrk}`.trim(),
    strapiCache: dependencies['strapi-cache'],
    restCache: dependencies['@strapi-community/plugin-rest-cache'],
    otel: dependencies['@opentelemetry/instrumentation-http'],
  };
}

/**
 * Writes RESULTS.json and, made of it, RESULTS.md.
 * @param options.whole false keeps the cases that were not measured now as they are there
 */
export async function writeResults(measured, { whole }) {
  const file = (name) => path.join(root, 'bench', name);
  const before = !whole && existsSync(file('RESULTS.json'));
  const report = before
    ? merged(JSON.parse(readFileSync(file('RESULTS.json'), 'utf8')), measured)
    : stamped(measured);
  const style = await resolveConfig(file('RESULTS.md'));
  const write = async (name, text) => {
    writeFileSync(file(name), await format(text, { ...style, filepath: file(name) }));
  };
  await write('RESULTS.json', JSON.stringify(report));
  await write('RESULTS.md', page(report));
  console.log('written: bench/RESULTS.md, bench/RESULTS.json');
}

/** Every case says what it was measured of. */
function stamped({ machine: it, seconds, results, ...rest }) {
  const { date, commit } = it;
  return { ...rest, machine: it, seconds, results: results.map((result) => ({ ...result, date, commit })) };
}

/** @throws Error where the cases would be of different machines */
function merged(before, measured) {
  const now = stamped(measured);
  const processors = [before, now].map((it) => it.machine.processor);
  if (processors[0] !== processors[1])
    throw new Error(`bench/RESULTS.json is of ${processors.join(', this machine of ')}: run the whole bench`);
  const results = CASES.map(({ id }) => [now, before].map((it) => it.results.find((of) => of.id === id)))
    .map(([newer, older]) => newer ?? older)
    .filter((result) => result !== undefined);
  return { ...now, minutes: before.minutes + now.minutes, results, memory: now.memory ?? before.memory };
}

function page({ machine: it, minutes, seconds, results, memory }) {
  const cases = results.map((result) => {
    const bytes = result.bytes ? `${number(result.bytes)} bytes of body on average; ` : '';
    const when = `${bytes}${result.date}, commit ${result.commit}, ${Math.round(result.took)} s.`;
    return `### ${result.title}\n\n\`${result.id}\`; ${when}\n\n${markdown(tableOf(result))}`;
  });
  const targets = targetsOf(results);
  return `# Results

Written by \`npm run bench\` on ${it.date}, in ${Math.round(minutes)} minutes; each case says at which commit it was
measured (\`-- --only traffic,miss --write\` measures some of them anew). Run it again with the same command;
\`npm run bench -- --quick\` takes a few minutes and writes nothing.

## Method

- Machine: ${it.processor}, ${it.memory} memory, ${it.system}; Node ${it.node}; Strapi ${it.strapi}.
- One small Strapi app (\`bench/app\`: 250 articles with cover, author, category, tags and SEO, 210 notes, SQLite, the
  middlewares that \`create-strapi\` writes, no request log, \`server.proxy.koa\` on as behind a proxy) in variants: without
  a cache, with this plugin as it comes (in memory) and over redis-server behind the REST protocol of Upstash, with
  strapi-cache ${it.strapiCache} and with plugin-rest-cache ${it.restCache}, both in memory. Beside them bare Koa and bare
  node:http, which answer for every URL the bytes and fields that this plugin answers, compare entity tags and allow
  origins.
- Real traffic is what a proxy in front of many visitors sends over kept connections: 4,000 different requests, each with
  an \`X-Forwarded-For\`, a \`traceparent\` and one of 400 \`User-Agent\`s, for 200 URLs of 10 KB by Zipf (exponent 1). Their
  texts are made beforehand and are the same in every run; ${it.load} hands them out in turn (one thread). Unless a
  title says otherwise: real traffic, 32 connections, no \`Origin\`, no \`Authorization\`, no \`Accept-Encoding\`. With API
  tokens and with 5,000 URLs \`memory.maxSize\` is 512 MB, since more is stored than the 64 MB that are the default.
- Every server is a process of its own on 127.0.0.1, in production mode. Each round measures every server once for
  ${seconds} s, one after the other, so that whatever else the machine does meets all of them alike; the first round
  warms up and is thrown away. The tables show medians over rounds; "ratio" is the ratio of these medians to bare
  Koa's (with the same middleware or instrumentation where there is one, to Strapi's without a cache for misses), "pair
  by pair" the lowest and highest ratio within one round.
- Misses are measured three times, with servers that are started anew: of two processes that run the same one is by some
  per cent faster, for as long as it lives. A miss asks for 10 KB under another URL each time.
- Before a case is measured everything is asked for twice. Then all variants are checked to answer the same bytes with
  the statuses that are expected, and this plugin to answer all of it from its cache. A status of 400 or above, a failed
  connection, or another number of bytes than expected fails the run.
- CPU is the processor time of the server's process (user and system) by requests; of all numbers it is the one that
  other work on the machine disturbs least.
- OpenTelemetry is instrumentation-http ${it.otel} with spans that are batched and thrown away; every request is sampled.
  The middleware of the application sets a field after \`next()\` and stands last in \`config/middlewares\`, so that a
  hit passes all of Strapi's own.
- Writes run one after the other in the process that is measured, ${PAUSE} ms apart: a publication is \`update\` and
  \`publish\` of a document. They are measured in quiet and beside ${number(PER_SECOND)} requests per second, which one process of
  Node sends at that rate over 64 connections (\`lib/steady.mjs\`; the time a request waits for a connection counts;
  "hits/s" is how many were answered on the slower side). With the plugin they are answered from its cache, without
  it by a middleware in front of all others that has the same bytes ready. What is read is not what is written, so all
  of it stays hits, which is checked. Servers are started twice. The PostgreSQL of the bench waits for no disk
  (\`fsync=off\`), SQLite does.
- strapi-cache answers requests with an \`Origin\` without asking \`strapi::cors\`.

## Targets

Ratios of medians; both sides of a ratio are from the same run. Lines that are not here are quoted without a target.

${targets.length > 0 ? markdown(targetRows(targets)) : ''}

## Cases

${cases.join('\n\n')}

## Memory

${memory ? memoryText(memory) : ''}
Reachable bytes of the process after garbage collection, before and after the entries were filled: plans, keys, tags
and statistics are in it.
`;
}
