#!/usr/bin/env node
// Mixed load, and memory that must stay flat: node bench/soak.mjs [--minutes 10]
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { buildFresh } from '../scripts/lib/tooling.mjs';
import { get } from './lib/http.mjs';
import { median, printTable } from './lib/table.mjs';
import { articleLists, makeTraffic } from './lib/traffic.mjs';
import { World } from './lib/world.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const duration = Number(values.minutes) * 60_000;
const SAMPLES = 20;

await buildFresh();
const world = await World.open();
try {
  await world.start('small');
  const server = world.server('small');
  const until = performance.now() + duration;
  const running = () => performance.now() < until;
  const counts = { hits: 0, others: 0, writes: 0 };
  const requests = makeTraffic({ urls: articleLists(500), origins: 0.3 });
  const authorization = (n) => ({ Authorization: `Bearer ${world.tokens[n % world.tokens.length]}` });
  const agent = new Agent({ keepAlive: true });

  /** Half of the requests for few URLs, the rest for ever new ones, so that entries are evicted all the time. */
  const reader = async () => {
    for (let n = 0; running(); n++) {
      const { path, headers } = requests[Math.floor(Math.random() * requests.length)];
      const answer = await get(
        server.origin,
        {
          path: n % 2 ? path : `${path}&key=${Math.floor(Math.random() * 200_000)}`,
          headers: n % 3 ? headers : { ...headers, ...authorization(n) },
        },
        agent,
      );
      if (answer.status !== 200) throw new Error(`${answer.status} for ${path}`);
      counts[answer.headers['x-cache'] === 'HIT' ? 'hits' : 'others']++;
    }
  };
  const writer = async () => {
    while (running()) {
      await server.ask('write', { kind: 'article', count: 1, pause: 0 });
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
  const entries = await server.ask('stats');
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
