import { openRedis } from './redis-world.mjs';
import { median } from './table.mjs';

const ROUNDS = 300;
const WARM_UP = 30;
/** The naive purge blocks the server for as long as it takes. */
const NAIVE_ROUNDS = 15;

const FILL = "for i=1,ARGV[1] do redis.call('SET','bench:e:'..i,'x','PX',3600000) end";
const KEYS_AND_DEL =
  "local k=redis.call('KEYS',ARGV[1]) if #k>0 then redis.call('DEL',unpack(k)) end return #k";

/** Medians of the time that a purge takes beside so many entries. */
export async function purgeTimes({ createRemoteStore }, sizes) {
  const worlds = [];
  try {
    for (const entries of sizes) {
      const redis = await openRedis();
      const store = createRemoteStore(
        { url: redis.url, token: redis.token },
        { prefix: 'bench', maxBytes: 1e6, deadline: 10_000 },
      );
      worlds.push({ entries, redis, store, answered: [], server: [], naive: [] });
      await redis.raw('EVAL', FILL, 0, entries);
      await store.purge({ tags: ['warm'] });
    }
    for (let round = -WARM_UP; round < ROUNDS; round++)
      for (const world of worlds) {
        const times = await tagPurge(world, round);
        if (round < 0) continue;
        world.answered.push(times.answered);
        world.server.push(times.server);
      }
    for (let round = 0; round < NAIVE_ROUNDS; round++)
      for (const world of worlds) world.naive.push(await naivePurge(world, round));
  } finally {
    for (const { store, redis } of worlds) {
      await store.close();
      await redis.close();
    }
  }
  const medians = worlds.map((it) => ({ answered: median(it.answered), server: median(it.server) }));
  const last = medians.at(-1);
  return {
    rows: worlds.map((it, i) => ({
      entries: it.entries.toLocaleString('en-US'),
      'tag clock, answered': medians[i].answered.toFixed(2),
      'tag clock, server': medians[i].server.toFixed(3),
      'KEYS + DEL, server': median(it.naive).toFixed(3),
    })),
    ratio: {
      answered: last.answered / medians[0].answered,
      server: last.server / medians[0].server,
    },
  };
}

async function tagPurge({ redis, store }, round) {
  await redis.resetStats();
  const startedAt = performance.now();
  await store.purge({ tags: [`row|${round % 50}`] });
  const answered = performance.now() - startedAt;
  return { answered, server: ((await redis.stats()).evalsha?.usec ?? 0) / 1000 };
}

async function naivePurge({ redis }, round) {
  await redis.raw('SET', `bench:page:${round}`, 'x', 'PX', 3_600_000);
  await redis.resetStats();
  await redis.raw('EVAL', KEYS_AND_DEL, 0, `bench:page:${round}*`);
  return ((await redis.stats()).eval?.usec ?? 0) / 1000;
}
