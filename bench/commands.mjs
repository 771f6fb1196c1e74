#!/usr/bin/env node
// What a shared cache costs in billed Redis commands: npm run bench:commands
import { buildFresh } from '../scripts/lib/tooling.mjs';
import { get, visit } from './lib/http.mjs';
import { openRedis } from './lib/redis-world.mjs';
import { printTable } from './lib/table.mjs';
import { articleLists, makeTraffic } from './lib/traffic.mjs';
import { World } from './lib/world.mjs';

console.log(`Billed commands over Upstash, lease 1 s

Method: two Strapi processes with one redis-server behind Upstash's REST protocol. redis-server counts itself (INFO
commandstats), commands inside of scripts too, as Upstash bills them. Renewals of the lease are in all lines, at most
one per process and second under load.
`);

const QUOTA = 100; // of the variant, for these addresses only
await buildFresh();
const world = await World.open();
const redis = await openRedis();
const rows = [];

/** Commands for each of so many of what `run` does. */
async function count(what, times, run) {
  await redis.resetStats();
  await run();
  await new Promise((resolve) => setTimeout(resolve, 200)); // what is stored is stored behind the answer
  const commands = Object.values(await redis.stats()).reduce((sum, { calls }) => sum + calls, 0);
  rows.push({ '': what, number: times, 'commands each': (commands / times).toFixed(2) });
}

try {
  for (const as of ['first', 'second']) await world.start('counted', { as, redis });
  const [first, second] = ['first', 'second'].map((name) => world.server(name));
  const [{ headers }] = makeTraffic({ urls: articleLists(1), requests: 1 });
  const requests = articleLists(300).map((path) => ({ path, headers }));
  const outcomes = (server, wanted) =>
    visit(server.origin, requests, ({ path }, answer) => {
      const found = answer.headers['x-cache'];
      if (found !== wanted)
        throw new Error(`${path}: ${found} instead of ${wanted}: ${answer.headers['cache-status']}`);
    });
  // what a process asks once
  const limited = { path: '/api/tags', headers };
  const other = { ...headers, 'X-Forwarded-For': '192.0.2.1' };
  for (const { origin } of [first, second]) await get(origin, { ...limited, headers: other });
  await count('miss', requests.length, () => outcomes(first, 'MISS'));
  await count('hit in memory', requests.length, () => outcomes(first, 'HIT'));
  await count('hit of what another process has stored', requests.length, () => outcomes(second, 'HIT'));
  await count('second of hits, one every 100 ms', 10, async () => {
    for (let n = 0; n < 100; n++) {
      await get(first.origin, requests[n]);
      await new Promise((resolve) => setTimeout(resolve, 95));
    }
  });
  await count('write that purges', 50, () => first.ask('write', { kind: 'query', count: 50, pause: 10 }));
  await count('publication of a note', 20, () => first.ask('write', { kind: 'note', count: 20, pause: 10 }));

  const spend = async (times, status) => {
    for (let n = 0; n < times; n++) {
      const answer = await get(first.origin, limited);
      if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}`);
    }
  };
  await count('hit under a rate limit, allowed', QUOTA, () => spend(QUOTA, 200));
  await count('request over its limit', 200, () => spend(200, 429));
} finally {
  await world.close();
  await redis.close();
}
printTable(rows);
