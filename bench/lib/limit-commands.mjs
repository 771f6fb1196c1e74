import { openRedis } from './redis-world.mjs';

const QUOTA = 100;
/** Longer than the measuring takes, and its middle: no request falls into another window. */
const WINDOW = 3_600_000;

/** Billed commands per request, by algorithm and by how the request fared. */
export async function limitCommands(modules) {
  const rows = [];
  for (const algorithm of ['sliding-window', 'fixed-window', 'token-bucket']) {
    const redis = await openRedis();
    const driver = new modules.UpstashDriver({
      url: redis.url,
      token: redis.token,
      deadline: 10_000,
      backgroundDeadline: 10_000,
    });
    const limiter = modules.createLimiter({
      shared: {
        kind: 'upstash',
        redis: modules.commandRedis((args) => driver.command(args, 'lookup'), driver.scriptHead),
      },
      outage: { mode: 'insured', share: 1, deadline: 10_000 },
      maxPartitions: 1000,
      prefix: 'bench',
      digest: (text) => text,
      warn: console.warn,
    });
    const allowance = { policy: 'bench', algorithm, quota: QUOTA, window: WINDOW, refill: 1 };
    const take = async (requests, allowed) => {
      await redis.resetStats();
      for (let i = 0; i < requests; i++) {
        const verdict = await limiter.take(allowance, 'ip:192.0.2.1', Date.now());
        if (verdict.allowed !== allowed || verdict.from !== 'redis')
          throw new Error(`${algorithm}: unexpected ${JSON.stringify(verdict)}`);
      }
      const all = Object.values(await redis.stats()).reduce((sum, { calls }) => sum + calls, 0);
      return (all / requests).toFixed(2);
    };
    try {
      // the scripts are sent once, and then known by their digests
      await limiter.take(allowance, 'ip:192.0.2.2', Date.now());
      rows.push({
        algorithm,
        'per allowed request': await take(QUOTA, true),
        'first refused': await take(1, false),
        'per refused after it': await take(100, false),
      });
    } finally {
      await limiter.close();
      await driver.close();
      await redis.close();
    }
  }
  return rows;
}
