#!/usr/bin/env node
// 100,000 entries and 1,000,000 tags: node --expose-gc bench/scale.mjs
import { openRedis } from './lib/redis-world.mjs';
import { loadStores } from './lib/stores.mjs';
import { median, printTable } from './lib/table.mjs';

const ENTRIES = 100_000;
const TAGS = 1_000_000;
const HOUR = 3_600_000;
const { MemoryStore, createRemoteStore, listEntries, findEntry } = await loadStores();

const collect = () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

function timed(run) {
  const startedAt = performance.now();
  const result = run();
  return { ms: performance.now() - startedAt, result };
}

/** Body of 1 KB, 26 headers that all entries share, 12 tags, half of them shared with others. */
const headers = Array.from({ length: 26 }, (_, i) => `field ${i}`);
const entryOf = (n, seq, now) => ({
  key: `key-${n}-0123456789012345678901234567890123`,
  label: `/api/articles/${n}?populate=*`,
  principal: 'public',
  status: 200,
  headers: headers.slice(),
  body: Buffer.allocUnsafeSlow(1024),
  tags: Array.from({ length: 12 }, (_, i) =>
    i % 2 ? `r|api::article.article|${n}-${i}` : shared[(n + i) % 500],
  ),
  storedAt: now - (n % 3600) * 1000,
  freshUntil: now + HOUR + n,
  cost: n % 50,
  hits: n % 1000,
  seq,
  checked: 0,
});
const shared = Array.from({ length: 500 }, (_, i) => `r|api::author.author|${i}`);

const rows = [];
const add = (what, value, unit) => rows.push({ '': what, measured: value, unit });
const ms = (value) => (value < 1 ? value.toFixed(4) : value.toFixed(1));

// in memory
const now = Date.now();
const store = new MemoryStore({ maxBytes: 2 ** 31 });
const before = collect();
const filled = timed(() => {
  for (let n = 0; n < ENTRIES; n++) store.put(entryOf(n, store.begin(), now));
});
add(
  `memory per entry with a body of 1,024 bytes, ${ENTRIES.toLocaleString('en-US')} of them`,
  Math.round((collect() - before) / ENTRIES),
  'bytes',
);
add('  of which the store counts', Math.round(store.stats().bytes / ENTRIES), 'bytes');
add('storing one', ms(filled.ms / ENTRIES), 'ms');

const purges = [];
const tagsBefore = collect();
for (let n = 0; n < TAGS; n += 10)
  purges.push(
    timed(() => void store.purge({ tags: Array.from({ length: 10 }, (_, i) => `r|x|${n + i}`) })).ms,
  );
add(
  `purge of 10 tags, median while ${TAGS.toLocaleString('en-US')} tags are purged`,
  ms(median(purges)),
  'ms',
);
add('  the longest', ms(Math.max(...purges)), 'ms');
add('memory of the tag clock', Math.round((collect() - tagsBefore) / 1024), 'KB');
add('tags that it remembers then', store.stats().tags.toLocaleString('en-US'), '');
const live = timed(() => {
  for (let n = 0; n < ENTRIES; n++) store.put(entryOf(n, store.begin(), now));
});
add('filling all anew', ms(live.ms), 'ms');
add(
  'every hit after a purge, first look',
  ms(
    timed(() => {
      void store.purge({ tags: ['none'] });
      for (let n = 0; n < ENTRIES; n++) store.get(`key-${n}-0123456789012345678901234567890123`, now);
    }).ms / ENTRIES,
  ),
  'ms',
);
add(
  'every hit, looked at before',
  ms(
    timed(() => {
      for (let n = 0; n < ENTRIES; n++) store.get(`key-${n}-0123456789012345678901234567890123`, now);
    }).ms / ENTRIES,
  ),
  'ms',
);

// what the admin page asks, and for how long it keeps everything else waiting
const runtime = { store };
async function asked(what, run) {
  const times = [];
  let longest = 0;
  for (let i = 0; i < 5; i++) {
    let running = true;
    let last = performance.now();
    const startedAt = last;
    const look = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (running) setImmediate(look);
    };
    setImmediate(look);
    await run();
    running = false;
    look();
    times.push(performance.now() - startedAt);
  }
  add(what, ms(median(times)), 'ms');
  add('  the longest that others wait', ms(longest), 'ms');
}
for (const [what, query] of [
  ['admin list, first page', { search: '', order: 'used', page: 1 }],
  ['admin list by size', { search: '', order: 'bytes', page: 1 }],
  ['admin list by URL, last page', { search: '', order: 'label', page: 4000 }],
  ['admin search in URLs and tags', { search: 'author|49', order: 'hits', page: 1 }],
])
  await asked(what, () => listEntries(runtime, { ...query, pageSize: 25 }, now));
await asked('admin, one entry', () => findEntry(runtime, `key-5-0123456789012345678901234567890123`, now));
await store.close();

// over Redis
const redis = await openRedis();
try {
  await redis.raw(
    'EVAL',
    "for i=1,1000000 do redis.call('ZADD',KEYS[1],1000000+i,':r|x|'..i) end redis.call('ZADD',KEYS[1],1000001,'#floor',ARGV[1],'#seq')",
    1,
    'bench:gens',
    String(Date.now() * 1000),
  );
  const open = () =>
    createRemoteStore(
      { url: redis.url, token: redis.token },
      { prefix: 'bench', maxBytes: 1e8, deadline: 60_000 },
    );
  const first = open();
  const startedAt = performance.now();
  await first.begin();
  add(
    'start over a log of 1,000,000 tags, until the first request may be answered',
    ms(performance.now() - startedAt),
    'ms',
  );
  const took = [];
  for (let n = 0; n < 50; n++) {
    const at = performance.now();
    await first.purge({ tags: [`r|y|${n}`] });
    took.push(performance.now() - at);
  }
  add('purge over Redis with that log', ms(median(took)), 'ms');
  await first.close();
} finally {
  await redis.close();
}
printTable(rows);
