#!/usr/bin/env node
// What the shared cache costs in billed Redis commands, and how long a purge takes: node bench/commands.mjs
import { countCommands } from './lib/commands-billed.mjs';
import { limitCommands } from './lib/limit-commands.mjs';
import { purgeTimes } from './lib/purge-times.mjs';
import { loadStores } from './lib/stores.mjs';
import { printTable } from './lib/table.mjs';

const stores = await loadStores();

console.log(`Billed commands per 1,000 requests

Method: 3 instances before one redis-server through Upstash's REST protocol; requests go to them in turn, one after
the other, 10 per second of virtual time in all. 95 of 100 requests ask for one of 200 pages that somebody has asked
for before, 5 for a new one; after every 500 requests one page is purged. Counted by redis-server itself (INFO commandstats), commands inside of scripts too, as Upstash bills them.
Lease 0 is shown for requests that never overlap; those that do share their reading of the log.
The naive cache looks every request up with GET, stores with SET, and purges with KEYS and DEL.
`);
const rows = [];
for (const [name, kind, lease] of [
  ['tag clock, lease 5 s', 'tiered', 5000],
  ['tag clock, lease 1 s', 'tiered', 1000],
  ['tag clock, lease 0', 'tiered', 0],
  ['naive GET/SET + KEYS/DEL', 'naive', 0],
])
  rows.push({ cache: name, ...(await countCommands(stores, { kind, lease })) });
printTable(rows);

console.log(`
Billed commands of a rate limit

Method: one instance, one caller, a quota of 100: 100 requests that pass, the first that is refused, and 100 more.
`);
printTable(await limitCommands(stores));

console.log(`
Time of a purge of one tag

Method: three redis-servers with 100, 10,000 and 200,000 entries; the same purge goes to each of them in turn, so that
whatever else the machine does slows all of them alike. Medians, in milliseconds: "answered" as the caller waits for
it over HTTP, "server" as redis-server counts its own time. The naive cache's is the server's time of KEYS and DEL for
one matching entry.
`);
const purges = await purgeTimes(stores, [100, 10_000, 200_000]);
printTable(purges.rows);
const { ratio } = purges;
console.log(
  `\n200,000 entries against 100: ${ratio.answered.toFixed(2)} times the time until the answer, ` +
    `${ratio.server.toFixed(2)} times the server's time, at most 1.2 wanted`,
);
if (ratio.answered > 1.2) process.exitCode = 1;
