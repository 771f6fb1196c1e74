import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PostgresCluster } from './postgres';

export type DatabaseKind = 'sqlite' | 'postgres';

/** A seeded database as the start of every history, and copies of it. */
export interface Databases {
  readonly folder: string;
  /** The environment of a Strapi on the seeded original. */
  original(): Record<string, string>;
  /** A fresh copy of the original, which nobody may be using; the copy before it goes unless it is to be kept. */
  copy(options?: { readonly keep: boolean }): Record<string, string>;
  close(): Promise<void>;
}

export async function openDatabases(kind: DatabaseKind): Promise<Databases> {
  const folder = mkdtempSync(path.join(tmpdir(), 'differential-'));
  chmodSync(folder, 0o755);
  const shared = { PUBLIC_DIR: path.join(folder, 'public') };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (kind === 'sqlite') return sqlite(folder, shared, remove);
  const cluster = await PostgresCluster.start(folder);
  return postgres(folder, shared, cluster, remove);
}

function sqlite(folder: string, shared: Record<string, string>, remove: () => void): Databases {
  const original = path.join(folder, 'original.db');
  let copies = 0;
  const env = (file: string): Record<string, string> => ({
    ...shared,
    DATABASE_CLIENT: 'sqlite',
    DATABASE_FILENAME: file,
  });
  return {
    folder,
    original: () => env(original),
    copy() {
      const file = path.join(folder, `copy-${++copies}.db`);
      for (const suffix of ['', '-wal', '-shm'])
        if (existsSync(original + suffix)) copyFileSync(original + suffix, file + suffix);
      return env(file);
    },
    close: () => Promise.resolve(remove()),
  };
}

function postgres(
  folder: string,
  shared: Record<string, string>,
  cluster: PostgresCluster,
  remove: () => void,
): Databases {
  cluster.create('original');
  let copies = 0;
  const env = (name: string): Record<string, string> => ({
    ...shared,
    DATABASE_CLIENT: 'postgres',
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(cluster.port),
    DATABASE_NAME: name,
    DATABASE_USERNAME: 'playground',
    DATABASE_PASSWORD: '',
  });
  return {
    folder,
    original: () => env('original'),
    copy(options) {
      const name = `copy_${++copies}`;
      if (copies > 1 && !options?.keep) cluster.drop(`copy_${copies - 1}`);
      cluster.create(name, 'original');
      return env(name);
    },
    async close() {
      await cluster.stop();
      remove();
    },
  };
}
