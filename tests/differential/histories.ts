import path from 'node:path';
import { openDatabases, type DatabaseKind } from './database';
import { History, type HistoryOptions } from './history';
import { buildApp, StrapiProcess } from './processes';
import { shrinkFault, type ShrinkOptions } from './replay';
import type { Fault, Report } from './report';

export interface Setup {
  readonly db: DatabaseKind;
  readonly scale?: number;
}

/** Everything that histories on one kind of database share. */
export interface Bench {
  run(options: HistoryOptions): Promise<Report>;
  /** Repeats what led to a fault, with less and less of it. */
  shrink(fault: Fault, options: ShrinkOptions): Promise<string>;
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
  const withPair = async <T>(
    use: (cached: StrapiProcess, plain: StrapiProcess) => Promise<T>,
  ): Promise<T> => {
    const env = databases.copy();
    const cached = await start('cached', env);
    const plain = await start('uncached', { ...env, PLAYGROUND_CACHE: 'off' });
    try {
      return await use(cached, plain);
    } finally {
      await Promise.all([cached.stop(), plain.stop()]);
    }
  };
  return {
    folder: databases.folder,
    run: (options) => withPair((cached, plain) => new History(cached, plain, options).run()),
    shrink: (fault, options) => shrinkFault(withPair, fault, options),
    close: () => databases.close(),
  };
}
