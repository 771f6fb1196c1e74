#!/usr/bin/env node
// What counting costs a hit: a lookup in the memory store with the recorder and without, in pairs. npm run bench:stats
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { median, printTable } from './lib/table.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const outfile = path.join(root, 'node_modules/.cache/bench/stats.cjs');
const source = (file) => path.join(root, 'server/src', file);
buildSync({
  stdin: {
    contents: `export { Recorder } from ${JSON.stringify(source('core/stats/recorder.ts'))};
      export { MemoryStore } from ${JSON.stringify(source('stores/memory.ts'))};`,
    resolveDir: root,
  },
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  packages: 'external',
});
const { Recorder, MemoryStore } = createRequire(import.meta.url)(outfile);

const KEYS = 10_000;
const ROUTES = 40;
const HITS = 200_000;
const PAIRS = 31;

const store = new MemoryStore({ maxBytes: 64_000_000 });
const keys = Array.from({ length: KEYS }, (_, i) => `key-${i}-`.padEnd(43, 'x'));
const now = Date.now();
for (const key of keys)
  store.put({
    key,
    label: `/api/${key}`,
    principal: 'public',
    status: 200,
    headers: ['content-type', 'application/json'],
    body: Buffer.alloc(2000),
    tags: ['t'],
    storedAt: now,
    freshUntil: now + 3_600_000,
    cost: 12,
    seq: store.begin(),
    checked: 0,
  });
const routes = Array.from({ length: ROUTES }, (_, i) => ({
  template: `/api/type-${i}/:id`,
  controller: `api::t${i}.t${i}`,
}));
const nothing = { begin: () => 0, hit: () => undefined };
const recorder = new Recorder(now, () => performance.now());

let served = 0;
const run = (observer) => {
  const begun = process.hrtime.bigint();
  for (let i = 0; i < HITS; i++) {
    const at = Date.now();
    const clock = observer.begin();
    const found = store.get(keys[(i * 7919) % KEYS], at);
    served += found.body.length;
    observer.hit(routes[i % ROUTES], found, at, clock);
  }
  return Number(process.hrtime.bigint() - begun) / HITS;
};

for (let i = 0; i < 5; i++) run(i % 2 ? recorder : nothing);
const pairs = Array.from({ length: PAIRS }, (_, i) => {
  // which one goes first changes, so that neither has the warmer cache
  const first = i % 2 ? run(recorder) : run(nothing);
  const second = i % 2 ? run(nothing) : run(recorder);
  return i % 2 ? { with: first, without: second } : { with: second, without: first };
});
const ns = (pick) => `${median(pairs.map(pick)).toFixed(0)} ns`;
printTable([
  { 'one hit': 'without counting', 'median of pairs': ns((it) => it.without) },
  { 'one hit': 'with counting', 'median of pairs': ns((it) => it.with) },
  { 'one hit': 'difference', 'median of pairs': ns((it) => it.with - it.without) },
]);
if (served === 0) throw new Error('nothing was served');
