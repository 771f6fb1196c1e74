import { startBridge, type Bridge, type BridgeOptions } from '../../scripts/lib/upstash-bridge.mjs';
import { ReplyError, type RespValue } from '../../scripts/lib/resp.mjs';
import { startRedis, type RedisServer } from './redis-server';

export type { Bridge, Fault } from '../../scripts/lib/upstash-bridge.mjs';

/** A redis-server with the REST bridge before it. */
export class TestRedis {
  private constructor(
    readonly server: RedisServer,
    readonly bridge: Bridge,
  ) {}

  /** @throws with instructions when redis-server is not installed: these tests are never skipped */
  static async start(options: Partial<BridgeOptions> = {}): Promise<TestRedis> {
    const server = await startRedis();
    return new TestRedis(server, await startBridge({ redisPort: server.port, ...options }));
  }

  get redisUrl(): string {
    return `redis://127.0.0.1:${this.server.port}`;
  }

  get credentials(): { url: string; token: string } {
    return { url: this.bridge.url, token: this.bridge.token };
  }

  /** A command straight to redis. @throws when it is refused */
  async raw(...args: (string | number | Buffer)[]): Promise<RespValue> {
    const reply = await this.bridge.raw(args);
    if (reply instanceof ReplyError) throw new Error(reply.message);
    return reply;
  }

  /** Commands that redis ran during the call, those inside of scripts too, as Upstash bills them. */
  async billed(run: () => Promise<unknown>): Promise<Record<string, number>> {
    await this.raw('CONFIG', 'RESETSTAT');
    await run();
    const text = String(await this.raw('INFO', 'commandstats'));
    const counts: Record<string, number> = {};
    for (const [, name = '', calls = '0'] of text.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)) {
      if (!/^(config|info|client|hello)/.test(name)) counts[name] = Number(calls);
    }
    return counts;
  }

  async stop(): Promise<void> {
    await this.bridge.close();
    await this.server.stop();
  }
}

export const total = (counts: Record<string, number>) =>
  Object.values(counts).reduce((sum, it) => sum + it, 0);
