import { Redis } from '@upstash/redis';
import { commandRedis, type LimiterRedis } from '../../server/src/limiters/command-redis';
import { UpstashDriver } from '../../server/src/stores/upstash-driver';
import { TestRedis } from '../support/bridge';

export type Transport = 'sdk' | 'upstash-driver' | 'tcp';

/** One Redis, and the ways to it that a limiter may take. */
export class LimiterWorld {
  private readonly drivers: UpstashDriver[] = [];

  private constructor(readonly redis: TestRedis) {}

  static async open(): Promise<LimiterWorld> {
    return new LimiterWorld(await TestRedis.start());
  }

  connect(over: Transport): LimiterRedis {
    if (over === 'tcp') return commandRedis(async (args) => plain(await this.redis.raw(...args)));
    const { credentials } = this.redis;
    if (over === 'sdk') return new Redis({ ...credentials, enableTelemetry: false, retry: { retries: 0 } });
    const driver = new UpstashDriver({ ...credentials, deadline: 5000, backgroundDeadline: 5000 });
    this.drivers.push(driver);
    return commandRedis((args) => driver.command(args, 'lookup'), driver.scriptHead);
  }

  async keys(): Promise<string[]> {
    return plain(await this.redis.raw('KEYS', '*')) as string[];
  }

  async close(): Promise<void> {
    await Promise.all(this.drivers.map((driver) => driver.close()));
    await this.redis.stop();
  }
}

const plain = (value: unknown): unknown =>
  Buffer.isBuffer(value) ? value.toString() : Array.isArray(value) ? value.map(plain) : value;
