import path from 'node:path';
import { TestRedis } from '../support/bridge';
import { openDatabases, type DatabaseKind } from './database';
import { FleetHistory, type FleetHistoryOptions } from './fleet-history';
import { Outages } from './fleet-outages';
import type { FleetReport } from './fleet-report';
import { buildApp, ROOT, StrapiProcess } from './processes';
import { Random } from './random';

export interface FleetSetup {
  readonly db: DatabaseKind;
  readonly scale: number;
  readonly instances: number;
  readonly store: 'upstash' | 'redis';
  /** Milliseconds. */
  readonly lease: number;
  readonly faults: boolean;
}

export type FleetRun = Pick<FleetHistoryOptions, 'operations' | 'seed' | 'callers' | 'progress'>;

export interface FleetBench {
  readonly folder: string;
  run(options: FleetRun): Promise<FleetReport>;
  close(): Promise<void>;
}

/** Seeds a database; every history begins with a copy of it, an empty Redis and processes of its own. */
export async function openFleetBench(setup: FleetSetup): Promise<FleetBench> {
  const program = await buildApp();
  const databases = await openDatabases(setup.db);
  const log = path.join(databases.folder, 'strapi.log');
  const start = (name: string, env: Record<string, string>): Promise<StrapiProcess> =>
    StrapiProcess.start(program, name, { DIFFERENTIAL_SCALE: String(setup.scale), ...env }, log);
  try {
    const seeding = await start('seeding', { ...databases.original(), PLAYGROUND_CACHE: 'off' });
    await seeding.stop();
  } catch (error) {
    await databases.close();
    throw error;
  }
  return {
    folder: databases.folder,
    async run(options) {
      const { lease, store } = setup;
      // A busy machine is not an outage: only histories with outages have the deadline that applications have.
      const deadline = setup.faults ? 250 : 10_000;
      // What was not delivered stands in the journal, which strict instances read once a second.
      const bound = setup.faults ? Math.max(lease, 1000) : lease;
      const env = databases.copy();
      const redis = await TestRedis.start();
      const cache = {
        store,
        lease: lease / 1000,
        deadline: `${deadline} ms`,
        redis: { url: redis.redisUrl },
      };
      const cached = {
        ...env,
        UPSTASH_REDIS_REST_URL: redis.credentials.url,
        UPSTASH_REDIS_REST_TOKEN: redis.credentials.token,
        DIFFERENTIAL_PLUGIN: ROOT,
        DIFFERENTIAL_CACHE_CONFIG: JSON.stringify(cache),
      };
      const running: StrapiProcess[] = [];
      try {
        const plain = await start('uncached', { ...env, PLAYGROUND_CACHE: 'off' });
        running.push(plain);
        const names = Array.from({ length: setup.instances }, (_, i) => `instance ${i}`);
        const fleet = await Promise.all(names.map((name) => start(name, cached)));
        running.push(...fleet);
        const [weather, chances] = [new Random(options.seed + 1), new Random(options.seed + 2)];
        const outages = setup.faults ? new Outages(redis.bridge, weather, chances) : null;
        return await new FleetHistory(fleet, plain, { ...options, lease: bound, deadline, outages }).run();
      } finally {
        redis.bridge.fault = null;
        await Promise.all(running.map((it) => it.stop()));
        await redis.stop();
      }
    },
    close: () => databases.close(),
  };
}
