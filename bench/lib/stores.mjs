import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/paths.mjs';

/** Parts of the plugin as they stand in `server/src`: the built plugin does not show them. */
export async function loadStores() {
  const outfile = path.join(root, 'node_modules/.cache/bench/stores.mjs');
  await build({
    stdin: {
      contents: `export { createRemoteStore } from './stores/create-remote-store';
        export { MemoryStore } from './stores/memory';
        export { UpstashDriver } from './stores/upstash-driver';
        export { createLimiter } from './limiters/create';
        export { commandRedis } from './limiters/command-redis';
        export { listEntries, findEntry } from './services/admin-entries';`,
      resolveDir: path.join(root, 'server/src'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile));
}
