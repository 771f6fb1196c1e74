import { entryOf, openRedis } from './redis-world.mjs';

const INSTANCES = 3;
const REQUESTS = 5000;
const PAGES = 200;
const PER_SECOND = 10;
const PURGE_EVERY = 500;

/** Time that passes by requests, so that a lease is as long as its number of requests. */
function virtualTime() {
  let passed = 0;
  const start = Date.now();
  return {
    pass: (milliseconds) => (passed += milliseconds),
    now: () => start + passed,
    monotonic: () => passed,
    random: Math.random,
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

function tieredCache({ createRemoteStore }, redis, lease, time) {
  const { url, token } = redis;
  const options = { prefix: 'bench', maxBytes: 64 * 1024 * 1024, lease, deadline: 10_000, time };
  const fleet = Array.from({ length: INSTANCES }, () => createRemoteStore({ url, token }, options));
  return {
    async request(instance, key) {
      const store = fleet[instance];
      const found = await store.get(key, time.now());
      if (typeof found !== 'string') return true;
      store.put(entryOf(key, await store.begin(), time.now()));
      await store.idle();
      return false;
    },
    purge: (instance, key) => fleet[instance].purge({ tags: [`row|${key}`] }),
    close: () => Promise.all(fleet.map((store) => store.close())),
  };
}

function naiveCache(redis) {
  const body = Buffer.alloc(2000, 'x');
  return {
    async request(_instance, key) {
      if ((await redis.raw('GET', `bench:${key}:e`)) !== null) return true;
      await redis.raw('SET', `bench:${key}:e`, body, 'PX', 3_600_000);
      return false;
    },
    async purge(_instance, key) {
      const keys = await redis.raw('KEYS', `bench:${key}:*`);
      if (keys.length > 0) await redis.raw('DEL', ...keys);
    },
    close: () => Promise.resolve(),
  };
}

/** Billed commands of one kind of cache under the load of the bench, per 1,000 requests. */
export async function countCommands(stores, { kind, lease }) {
  const redis = await openRedis();
  const time = virtualTime();
  const cache = kind === 'naive' ? naiveCache(redis) : tieredCache(stores, redis, lease, time);
  try {
    // what a cache holds that has been running for a while
    for (let page = 0; page < PAGES; page++)
      for (let instance = 0; instance < INSTANCES; instance++) await cache.request(instance, `page${page}`);
    await redis.resetStats();
    let hits = 0;
    let fresh = 0;
    for (let i = 0; i < REQUESTS; i++) {
      const instance = i % INSTANCES;
      const isNew = i % 20 === 7;
      // every page comes to every instance
      const key = isNew ? `new${++fresh}` : `page${Math.floor(i / INSTANCES) % PAGES}`;
      time.pass(1000 / PER_SECOND);
      if (await cache.request(instance, key)) hits++;
      if (i % PURGE_EVERY === PURGE_EVERY - 1) await cache.purge(instance, `page${(i * 7) % PAGES}`);
    }
    return summary(await redis.stats(), hits);
  } finally {
    await cache.close();
    await redis.close();
  }
}

function summary(stats, hits) {
  const per = (...names) =>
    Math.round((names.reduce((sum, name) => sum + (stats[name]?.calls ?? 0), 0) * 1000) / REQUESTS);
  const all = Object.values(stats).reduce((sum, { calls }) => sum + calls, 0);
  return {
    'hits %': ((hits / REQUESTS) * 100).toFixed(1),
    'commands / 1,000': Math.round((all * 1000) / REQUESTS),
    GET: per('get'),
    SET: per('set'),
    'reads of the log': per('zrevrangebyscore', 'zmscore'),
    purges: per('eval', 'evalsha', 'time', 'zscore', 'zadd', 'keys', 'del', 'unlink'),
  };
}
