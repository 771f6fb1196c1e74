#!/usr/bin/env node
// Mixed load, and memory that must stay flat: node bench/soak.mjs [--minutes 10] [--store memory|tiered]
import { parseArgs } from 'node:util';
import { buildFresh } from '../scripts/lib/tooling.mjs';
import { PATHS } from './lib/cases.mjs';
import { median, printTable } from './lib/table.mjs';
import { World } from './lib/world.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, store: { type: 'string', default: 'memory' } },
});
const duration = Number(values.minutes) * 60_000;
const SAMPLES = 20;

await buildFresh();
const world = await World.open();
try {
  await world.start(values.store, { memory: '8 MB' });
  const server = world.server(values.store);
  const until = performance.now() + duration;
  const running = () => performance.now() < until;
  const counts = { hits: 0, others: 0, writes: 0 };
  const token = { Authorization: `Bearer ${world.token}` };
  const origin = { Origin: 'https://www.example.com' };
  const keys = { few: 20, many: 200_000 };

  /** Half of the requests for few keys, the rest for ever new ones, so that entries are evicted all the time. */
  const reader = async () => {
    for (let n = 0; running(); n++) {
      const key = n % 2 ? Math.floor(Math.random() * keys.few) : Math.floor(Math.random() * keys.many);
      const headers = [{}, token, origin, {}][n % 4];
      const path = n % 3 ? PATHS['1 KB'] : PATHS['10 KB'];
      const response = await fetch(`${server.origin}${path}&key=${key}`, { headers });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${response.status} for key ${key}`);
      counts[response.headers.get('x-cache') === 'HIT' ? 'hits' : 'others']++;
    }
  };
  const writer = async () => {
    while (running()) {
      await server.ask('publishArticle');
      counts.writes++;
      await new Promise((resolve) => setTimeout(resolve, 5000));
    }
  };
  const samples = [];
  const watcher = async () => {
    for (let i = 0; i < SAMPLES && running(); i++) {
      await new Promise((resolve) => setTimeout(resolve, duration / SAMPLES - 200));
      samples.push(await server.ask('memory'));
    }
  };
  await Promise.all([...Array.from({ length: 8 }, reader), writer(), watcher()]);
  const entries = await server.ask('entries');
  const mb = (bytes) => (bytes / 2 ** 20).toFixed(1);
  printTable(
    samples.map(({ used, rss }, i) => ({
      'part of the time': `${i + 1}/${SAMPLES}`,
      'reachable MB': mb(used),
      'rss MB': mb(rss),
    })),
  );
  // the first third fills memory and warms up
  const rest = samples.slice(Math.ceil(samples.length / 3)).map(({ used }) => used);
  const half = rest.length >> 1;
  const growth = median(rest.slice(half)) - median(rest.slice(0, half));
  console.log(
    `\n${values.minutes} minutes: ${counts.hits} hits, ${counts.others} other answers, ${counts.writes} publications, ${entries.evictions} evictions, ${entries.entries} entries of ${mb(entries.bytes)} MB`,
  );
  console.log(`growth from the second third to the third: ${mb(growth)} MB, at most 5 wanted`);
  if (growth > 5 * 2 ** 20) process.exitCode = 1;
} finally {
  await world.close();
}
