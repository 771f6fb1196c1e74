#!/usr/bin/env node
// Measures the plugin beside bare servers, Strapi without a cache and its other caches:
//   npm run bench                 everything, into bench/RESULTS.md and bench/RESULTS.json
//   npm run bench -- --quick      fewer and shorter rounds, without the longest cases; prints, writes nothing
//   npm run bench -- --only hit,miss    these cases only; prints, writes nothing
// --write writes the files all the same, with --only these cases of them; --rounds and --seconds change how long it
// measures.
import { parseArgs } from 'node:util';
import { buildFresh } from '../scripts/lib/tooling.mjs';
import { CASES, variantsOf } from './lib/cases.mjs';
import { loadProgram } from './lib/load.mjs';
import { measure } from './lib/measure.mjs';
import { memoryPerEntry } from './lib/memory.mjs';
import { machine, printCase, printTargets, writeResults } from './lib/report.mjs';
import { targetsOf } from './lib/targets.mjs';
import { installPeers, World } from './lib/world.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const only = values.only?.split(',');
const unknown = only?.filter((id) => id !== 'memory' && !CASES.some((it) => it.id === id)) ?? [];
if (unknown.length > 0) {
  const ids = [...CASES.map((it) => it.id), 'memory'].join(', ');
  console.error(`there is no case ${unknown.join(', ')}; there are: ${ids}`);
  process.exit(1);
}
const cases = CASES.filter((it) => (only ? only.includes(it.id) : !(values.quick && it.full)));
const withMemory = !only || only.includes('memory');
const seconds = Number(values.seconds ?? (values.quick ? 1 : 3));
const roundsOf = (it) => Number(values.rounds ?? (values.quick ? 3 : (it.rounds ?? 3)));

const names = new Set(cases.flatMap(variantsOf));
const load = loadProgram();
installPeers([...names], load);
await buildFresh();

const startedAt = Date.now();
const world = await World.open();
const results = [];
let memory = null;
try {
  for (const name of names) await world.start(name);
  for (const it of cases) {
    const starts = values.quick ? 1 : it.starts;
    const result = await measure(world, load, it, { seconds, rounds: roundsOf(it), starts });
    results.push(result);
    printCase(result);
  }
  if (withMemory) memory = await memoryPerEntry(world, values.quick ? 1000 : 4000);
} finally {
  await world.close();
}
const targets = targetsOf(results, memory);
printTargets(targets, memory);
const minutes = (Date.now() - startedAt) / 60_000;
console.log(`\n${minutes.toFixed(1)} minutes`);
if (values.write || (!only && !values.quick))
  await writeResults({ machine: machine(load), minutes, seconds, results, memory }, { whole: !only });
