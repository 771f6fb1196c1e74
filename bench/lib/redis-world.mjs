import { startRedis } from '../../scripts/lib/redis-server.mjs';
import { startBridge } from '../../scripts/lib/upstash-bridge.mjs';

/** A redis-server behind the REST protocol. */
export async function openRedis() {
  const server = await startRedis();
  const bridge = await startBridge({ redisPort: server.port });
  const raw = (...args) => bridge.raw(args);
  return {
    url: bridge.url,
    token: bridge.token,
    raw,
    resetStats: () => raw('CONFIG', 'RESETSTAT'),
    /** Calls and microseconds by command, since the last reset. */
    async stats() {
      const text = String(await raw('INFO', 'commandstats'));
      const found = {};
      for (const [, name, calls, usec] of text.matchAll(/cmdstat_([\w|]+):calls=(\d+),usec=(\d+)/g))
        if (!/^(config|info)/.test(name)) found[name] = { calls: Number(calls), usec: Number(usec) };
      return found;
    },
    async close() {
      await bridge.close();
      await server.stop();
    },
  };
}
