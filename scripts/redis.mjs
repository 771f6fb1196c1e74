// npm run redis: a Redis that speaks Upstash's REST protocol, for trying the plugin without an account.
import { randomBytes } from 'node:crypto';
import { startRedis } from './lib/redis-server.mjs';
import { startBridge } from './lib/upstash-bridge.mjs';

try {
  const redis = await startRedis();
  const token = randomBytes(16).toString('hex');
  const bridge = await startBridge({
    redisPort: redis.port,
    port: Number(process.env.PORT ?? 8079),
    token,
  }).catch(async (error) => {
    await redis.stop();
    throw error.code === 'EADDRINUSE'
      ? new Error(`port ${error.port} is taken: PORT=... npm run redis`)
      : error;
  });
  console.log(`Redis is running, and forgets everything when it stops (Ctrl+C). Put this into playground/.env:

UPSTASH_REDIS_REST_URL=${bridge.url}
UPSTASH_REDIS_REST_TOKEN=${token}

The same Redis over TCP: redis://127.0.0.1:${redis.port}`);
  const stop = async () => {
    await bridge.close();
    await redis.stop();
    process.exit(0);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
