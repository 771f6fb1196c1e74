import path from 'node:path';
import { openDatabases, type DatabaseKind } from './database';
import { History, type HistoryOptions } from './history';
import { buildApp, StrapiProcess } from './processes';
import type { Report } from './report';

export interface Setup {
  readonly db: DatabaseKind;
  readonly scale?: number;
}

/** Everything that histories on one kind of database share. */
export interface Bench {
  run(options: HistoryOptions): Promise<Report>;
  readonly folder: string;
  close(): Promise<void>;
}

/** Seeds a database; every history then begins with a copy of it and two Strapi processes of its own. */
export async function openBench({ db, scale = 0.25 }: Setup): Promise<Bench> {
  const program = await buildApp();
  const databases = await openDatabases(db);
  const log = path.join(databases.folder, 'strapi.log');
  const start = (name: string, env: Record<string, string>): Promise<StrapiProcess> =>
    StrapiProcess.start(program, name, { DIFFERENTIAL_SCALE: String(scale), ...env }, log);
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
      const env = databases.copy();
      const cached = await start('cached', env);
      const plain = await start('uncached', { ...env, PLAYGROUND_CACHE: 'off' });
      try {
        return await new History(cached, plain, options).run();
      } finally {
        await Promise.all([cached.stop(), plain.stop()]);
      }
    },
    close: () => databases.close(),
  };
}
