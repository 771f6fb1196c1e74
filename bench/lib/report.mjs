import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../../scripts/lib/paths.mjs';
import { CASES } from './cases.mjs';
import { printTable } from './table.mjs';
import { targetsOf } from './targets.mjs';
import { peersFolder, VARIANTS } from './variants.mjs';

const number = (value) => Math.round(value).toLocaleString('en-US');
const small = (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : number(value));

/** `memory, writer` is the variant `memory` in another way. */
const labelOf = (name) => {
  const [variant, ...rest] = name.split(', ');
  return [VARIANTS[variant].label, ...rest].join(', ');
};

/** One line per run; ratios against bare Koa where it ran, else against the first run. */
function rowsOf({ runs }) {
  const base = runs.koa ?? Object.values(runs)[0];
  return Object.entries(runs).map(([name, run]) => ({
    '': labelOf(name),
    'req/s': number(run.rate),
    ratio: (run.rate / base.rate).toFixed(run.rate / base.rate < 0.1 ? 4 : 2),
    'pair by pair': pairs(run, base),
    'p50 ms': small(run.p50),
    'p99 ms': small(run.p99),
    'p99 ratio': (run.p99 / base.p99).toFixed(2),
    'CPU us/req': number(run.cpu),
  }));
}

/** The lowest and the highest ratio of a round. */
function pairs(run, base) {
  const ratios = run.samples.map((it, i) => it.rate / base.samples[i].rate);
  const digits = Math.max(...ratios) < 0.1 ? 4 : 2;
  return `${Math.min(...ratios).toFixed(digits)}-${Math.max(...ratios).toFixed(digits)}`;
}

export function printCase(result) {
  console.log(`\n${result.title} (${number(result.bytes)} bytes)\n`);
  printTable(rowsOf(result));
}

const targetRows = (targets) =>
  targets.map(({ what, value, wanted, holds }) => ({
    '': what,
    measured: small(value),
    wanted,
    holds: holds ? 'yes' : 'no',
  }));

export function printTargets(targets, memory) {
  if (memory) console.log(`\n${memoryText(memory)}`);
  if (targets.length === 0) return;
  console.log('\nRatios of medians\n');
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
export function machine(load) {
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
    load: `${load.name} ${load.version}`.trim(),
    strapiCache: dependencies['strapi-cache'],
    restCache: dependencies['@strapi-community/plugin-rest-cache'],
  };
}

/**
 * Writes RESULTS.json and, made of it, RESULTS.md.
 * @param options.whole false keeps the cases that were not measured now as they are there
 */
export async function writeResults(measured, { whole }) {
  const file = (name) => path.join(root, 'bench', name);
  const report = whole
    ? stamped(measured)
    : merged(JSON.parse(readFileSync(file('RESULTS.json'), 'utf8')), measured);
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
  const cases = results.map(
    (result) =>
      `### ${result.title}\n\n${number(result.bytes)} bytes of JSON; ${result.date}, commit ${result.commit}.\n\n${markdown(rowsOf(result))}`,
  );
  const targets = targetsOf(results, memory);
  return `# Results

Written by \`npm run bench\` on ${it.date}, in ${Math.round(minutes)} minutes; each case says at which commit it was
measured (\`-- --only hit,miss --write\` measures some of them anew). Run it again with the same command;
\`npm run bench -- --quick\` takes a few minutes and writes nothing.

## Targets

Ratios of medians; both sides of a ratio are from the same run.

${markdown(targetRows(targets))}

## Method

- Machine: ${it.processor}, ${it.memory} memory, ${it.system}; Node ${it.node}; Strapi ${it.strapi}; load by ${it.load}.
- One small Strapi app (\`bench/app\`: 250 articles with cover, author, category, tags and SEO, SQLite, the middlewares that
  \`create-strapi\` writes, no request log) in variants: without a cache, with this plugin in memory and over
  redis-server behind the REST protocol of Upstash, with strapi-cache ${it.strapiCache} and with
  plugin-rest-cache ${it.restCache}, both in memory. Beside them bare Koa and bare node:http, which answer the very
  bytes and header fields that this plugin answers.
- Every server is a process of its own on 127.0.0.1, in production mode. Each round measures every server once for
  ${seconds} s, one after the other, so that whatever else the machine does meets all of them alike; the first round
  warms up and is thrown away. The tables show medians over rounds; "ratio" is the ratio of these medians to bare
  Koa's (or to the first line's), "pair by pair" the lowest and highest ratio within one round.
- For the two cases of misses, where a few per cent are looked for, all of it is done three times with servers that are
  started anew: of two processes that run the same one is by that much faster, for as long as it lives.
- Before a case is measured its keys are visited once, all variants are checked to answer the same bytes, and this
  plugin to answer from its cache. Unless a title says otherwise: 10 KB, 32 connections, 1 key, no \`Origin\`, no
  \`Authorization\`.
- CPU is the processor time of the server's process (user and system) by requests; of all numbers it is the one that
  other work on the machine disturbs least.
- A writer updates and publishes one note after the other, without a pause, in the very process that is measured. wrk,
  Strapi and PostgreSQL share two processors then, which hits feel whoever writes: the last line of that case has the
  writer and its PostgreSQL beside a process that does nothing but answer hits.
- strapi-cache passes requests with \`Authorization\` by, and with an \`Origin\` it answers without asking
  \`strapi::cors\`.

## Cases

${cases.join('\n\n')}

## Memory

${memory ? memoryText(memory) : ''}
Reachable bytes of the process after garbage collection, before and after the entries were filled: plans, keys, tags
and statistics are in it.
`;
}
