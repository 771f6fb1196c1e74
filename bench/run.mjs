#!/usr/bin/env node
// Measures the plugin beside bare servers, Strapi without a cache and its other caches:
//   npm run bench                 everything, into bench/RESULTS.md and bench/RESULTS.json
//   npm run bench -- --quick      fewer and shorter rounds; prints, writes nothing
//   npm run bench -- --only traffic,miss    these cases only; prints, writes nothing
// --write writes the files all the same, with --only these cases of them; --rounds and --seconds change how long it
// measures.
import { parseArgs } from 'node:util';
import { buildFresh } from '../scripts/lib/tooling.mjs';
import { CASES } from './lib/cases.mjs';
import { wrkVersion } from './lib/load.mjs';
import { measure } from './lib/measure.mjs';
import { memoryPerEntry } from './lib/memory.mjs';
import { machine, printCase, printMemory, printTargets, writeResults } from './lib/report.mjs';
import { targetsOf } from './lib/targets.mjs';
import { installPeers, World } from './lib/world.mjs';
import { measureWrites } from './lib/writes.mjs';

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
const ids = [...CASES.map((it) => it.id), 'memory'];
const unknown = only?.filter((id) => !ids.includes(id)) ?? [];
if (unknown.length > 0) {
  console.error(`there is no case ${unknown.join(', ')}; there are: ${ids.join(', ')}`);
  process.exit(1);
}
const { quick } = values;
const seconds = Number(values.seconds ?? (quick ? 1 : 3));
const roundsOf = ({ rounds, writes }) =>
  Number(values.rounds ?? (quick ? (writes ? 1 : 3) : (rounds ?? (writes ? 4 : 5))));

const wrk = wrkVersion();
installPeers();
await buildFresh();

const startedAt = Date.now();
const world = await World.open();
const results = [];
let memory = null;
try {
  for (const it of CASES.filter(({ id }) => only?.includes(id) ?? true)) {
    const starts = quick ? 1 : (it.starts ?? (it.writes ? 2 : 1));
    const options = { seconds, rounds: roundsOf(it), starts, quick };
    const caseStartedAt = Date.now();
    try {
      const result = await (it.writes ? measureWrites : measure)(world, it, options);
      results.push({ ...result, took: (Date.now() - caseStartedAt) / 1000 });
      printCase(results.at(-1));
    } catch (error) {
      // the run has failed, but the other cases are worth their numbers
      console.error(`\n${it.id} failed: ${error.stack}`);
      process.exitCode = 1;
      await world.run([]);
    }
  }
  if (only?.includes('memory') ?? true) {
    await world.run([]);
    memory = await memoryPerEntry(world, quick ? 1000 : 4000);
    printMemory(memory);
  }
} finally {
  await world.close();
}
printTargets(targetsOf(results));
const minutes = (Date.now() - startedAt) / 60_000;
console.log(`\n${minutes.toFixed(1)} minutes`);
if (values.write || (!only && !quick))
  await writeResults({ machine: machine(wrk), minutes, seconds, results, memory }, { whole: !only });
