import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/paths.mjs';

/**
 * A PostgreSQL of its own with an empty database.
 * @throws Error with instructions where PostgreSQL is not installed
 */
export async function openPostgres() {
  const outfile = path.join(root, 'node_modules/.cache/bench/postgres.mjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  const entry = path.join(root, 'tests/differential/postgres.ts');
  await build({ entryPoints: [entry], outfile, platform: 'node', format: 'esm', logLevel: 'warning' });
  const { PostgresCluster } = await import(pathToFileURL(outfile).href);
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-postgres-'));
  chmodSync(folder, 0o755); // the server runs under another account where this process is root's
  const cluster = await PostgresCluster.start(folder);
  cluster.create('bench');
  return {
    env: {
      DATABASE_CLIENT: 'postgres',
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(cluster.port),
      DATABASE_NAME: 'bench',
      DATABASE_USERNAME: 'playground',
    },
    async close() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
