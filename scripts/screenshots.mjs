#!/usr/bin/env node
// Takes pictures of the admin panel in all states of the plugin, on a production build, into test-results/screenshots:
// npm run screenshots -- [words that the names of the pictures begin with]
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/paths.mjs';

const outfile = path.join(root, 'test-results/screenshots-program/run.mjs');
await build({
  entryPoints: [path.join(root, 'tests/browser/screenshots.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { takeAll } = await import(pathToFileURL(outfile).href);
await takeAll(path.join(root, 'test-results/screenshots'), process.argv.slice(2));
process.exit(0);
