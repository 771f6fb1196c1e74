import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { playground, root } from './paths.mjs';
import { inPlayground, npm, run, strapi } from './processes.mjs';
import { fingerprint, state } from './state.mjs';
import { line, step, upToDate } from './steps.mjs';

export const cacheOff = process.env.PLAYGROUND_CACHE === 'off';

const rebuild = async (key, what, { name, inputs, outputs, build }) => {
  if (state.get(key) === inputs && outputs.every((file) => existsSync(file))) {
    upToDate(name);
    return;
  }
  await step(what, build);
  state.set(key, inputs);
};

export const buildPlugin = async () => {
  if (cacheOff) {
    line('✓ Plugin: left out, because PLAYGROUND_CACHE is off');
    return;
  }
  const what = 'Building the plugin';
  await rebuild('plugin', what, {
    name: 'Plugin',
    inputs: fingerprint(['server', 'admin', 'package.json']),
    outputs: ['server/index.js', 'admin/index.js'].map((file) => path.join(root, 'dist', file)),
    build: () =>
      run(what, 'plugin', npm('run', 'build'), {
        advice: 'mend what the log names in server/ or admin/, then run `npm run playground` again.',
      }),
  });
};

export const compileSite = async () => {
  const what = 'Compiling the site';
  const dist = path.join(playground, 'dist');
  await rebuild('site', what, {
    name: 'Site',
    inputs: fingerprint(['playground/src', 'playground/config', 'playground/tsconfig.json'], {
      skip: ['playground/src/admin'],
    }),
    outputs: ['src/index.js', 'src/seed/cli.js', 'config/server.js'].map((file) => path.join(dist, file)),
    build: () => {
      // The compiler never removes the output of a file that is gone; the admin build in there stays.
      for (const name of ['src', 'config', 'tsconfig.tsbuildinfo']) {
        rmSync(path.join(dist, name), { recursive: true, force: true });
      }
      return run(what, 'site', [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], {
        cwd: playground,
        advice: 'mend what the compiler names in playground/, then run `npm run playground` again.',
      });
    },
  });
};

export const buildAdmin = async () => {
  const what = 'Building the admin panel';
  const sources = [
    'package-lock.json',
    'playground/package.json',
    'playground/config',
    'playground/src/admin',
  ];
  await rebuild('admin', what, {
    name: 'Admin panel',
    inputs: fingerprint([...sources, ...(cacheOff ? [] : ['dist/admin'])], {
      skip: ['dist/admin/src'], // types only
      extra: [`off=${cacheOff}`],
    }),
    outputs: [path.join(playground, 'dist/build/index.html')],
    build: () =>
      run(what, 'admin', strapi('build'), {
        ...inPlayground,
        advice: 'delete playground/dist and run `npm run playground` again.',
      }),
  });
};
