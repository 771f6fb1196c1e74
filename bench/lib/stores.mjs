import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/paths.mjs';

/** The stores as they stand in `server/src`: the built plugin does not show them. */
export async function loadStores() {
  const outfile = path.join(root, 'node_modules/.cache/bench/stores.mjs');
  await build({
    stdin: {
      contents: `export { createRemoteStore } from './create-remote-store';
        export { UpstashDriver } from './upstash-driver';`,
      resolveDir: path.join(root, 'server/src/stores'),
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
