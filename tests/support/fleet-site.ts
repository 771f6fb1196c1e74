import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { runSql } from '../differential/postgres';
import { ROOT, StrapiProcess } from '../differential/processes';
import { TestRedis } from './bridge';
import { Instance } from './fleet-instance';

export interface InstanceOptions {
  /** Options of the plugin, over those of the site. */
  readonly cache?: UpstashCacheConfig;
  /** Environment, over that of the site. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where its application lies; the playground otherwise. */
  readonly cwd?: string;
}

let sites = 0;

/** One database and one Redis, and any number of Strapi processes on them. */
export class FleetSite {
  private readonly running: Instance[] = [];
  private started = 0;

  private constructor(
    readonly redis: TestRedis,
    private readonly database: Readonly<Record<string, string>>,
    private readonly cache: UpstashCacheConfig,
  ) {}

  static async open(cache: UpstashCacheConfig = {}): Promise<FleetSite> {
    const { original } = inject('fleet');
    const name = `site_${process.pid}_${++sites}`;
    runSql(Number(original.DATABASE_PORT), `CREATE DATABASE ${name} TEMPLATE original`);
    return new FleetSite(await TestRedis.start(), { ...original, DATABASE_NAME: name }, cache);
  }

  /** @throws Error with the end of its log when it does not start */
  async start(options: InstanceOptions = {}): Promise<Instance> {
    const { program, folder } = inject('fleet');
    const log = path.join(folder, `${this.database.DATABASE_NAME}-${++this.started}.log`);
    const { url, token } = this.redis.credentials;
    const env = {
      ...this.database,
      UPSTASH_REDIS_REST_URL: url,
      UPSTASH_REDIS_REST_TOKEN: token,
      CACHE_REDIS_URL: this.redis.redisUrl,
      DIFFERENTIAL_PLUGIN: ROOT,
      DIFFERENTIAL_CACHE_CONFIG: JSON.stringify({ ...this.cache, ...options.cache }),
      ...options.env,
    };
    try {
      const process = await StrapiProcess.start(program, `instance ${this.started}`, env, log, options.cwd);
      const instance = new Instance(process, log);
      this.running.push(instance);
      return instance;
    } catch (error) {
      const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-4000) : '';
      throw new Error(`${String(error)}\n${said}`, { cause: error });
    }
  }

  /** The first by itself: several that write the permissions of the admin panel at once run into each other in Strapi. */
  async startAll(count: number, options: InstanceOptions = {}): Promise<Instance[]> {
    const first = await this.start(options);
    const others = Array.from({ length: count - 1 }, () => this.start(options));
    return [first, ...(await Promise.all(others))];
  }

  /** Ends it as a crash does. */
  async kill(instance: Instance): Promise<void> {
    this.running.splice(this.running.indexOf(instance), 1);
    await instance.process.kill();
  }

  /** Ends it in order. */
  async stop(instance: Instance): Promise<void> {
    this.running.splice(this.running.indexOf(instance), 1);
    await instance.process.stop();
  }

  async close(): Promise<void> {
    this.redis.bridge.fault = null;
    await Promise.all(this.running.map((it) => it.process.stop()));
    await this.redis.stop();
  }
}
