#!/usr/bin/env node
// Compiles the differential test and runs it: node tests/differential/run.mjs --ops 4000 --seed 1-3 --db postgres
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
process.env.DIFFERENTIAL_ROOT = path.resolve(here, '../..');
const outfile = path.join(process.env.DIFFERENTIAL_ROOT, 'node_modules/.cache/differential/cli.cjs');
mkdirSync(path.dirname(outfile), { recursive: true });
await build({
  entryPoints: [path.join(here, 'cli.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  logLevel: 'warning',
});
createRequire(import.meta.url)(outfile);
