import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildPlugin, compileSite } from './build.mjs';
import { root } from './paths.mjs';
import { fingerprint, state } from './state.mjs';

const outputs = ['dist/server/index.js', 'dist/admin/index.js'];

/** What stands in dist, beside what it was made of: somebody may have built another version by hand since. */
const standing = () =>
  outputs.every((file) => existsSync(path.join(root, file)))
    ? fingerprint(['server', 'admin', 'package.json', ...outputs])
    : null;

/** Builds the plugin and compiles the playground, where they are stale. */
export const buildFresh = async () => {
  const before = standing();
  if (before === null || state.get('tests') !== before) {
    state.set('plugin', undefined);
    await buildPlugin();
    state.set('tests', standing());
  }
  await compileSite();
};
