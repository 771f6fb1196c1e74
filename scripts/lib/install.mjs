import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { npm, run } from './processes.mjs';
import { fingerprint, state } from './state.mjs';
import { Failure, line, step, upToDate } from './steps.mjs';

const at = (file) => path.join(root, file);

export const checkNode = () => {
  const { engines } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const [, least, most] = /^>=(\S+) <=(\d+)/.exec(engines.node);
  const [major, minor, patch] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor, leastPatch] = least.split('.').map(Number);
  const recent =
    major > leastMajor ||
    (major === leastMajor && (minor > leastMinor || (minor === leastMinor && patch >= leastPatch)));
  if (recent && major <= Number(most)) return;
  throw new Failure(
    `Node ${process.versions.node} cannot run this playground: it needs ${least} or later, up to ${most}. ` +
      'See https://nodejs.org',
  );
};

/** What an install depends on: a new script in package.json is no reason for one. */
const wanted = () => {
  const fields = ['workspaces', 'dependencies', 'devDependencies', 'peerDependencies', 'overrides'];
  const dependencies = ['package.json', 'playground/package.json'].map((file) => {
    const manifest = JSON.parse(readFileSync(at(file), 'utf8'));
    return JSON.stringify(fields.map((field) => manifest[field] ?? null));
  });
  return {
    files: fingerprint(['package-lock.json'], { extra: dependencies }),
    abi: process.versions.modules,
  };
};

/** A developer may have run npm before the playground ever did. */
const installedByHand = () => {
  const [record, lock] = [at('node_modules/.package-lock.json'), at('package-lock.json')];
  return !existsSync(lock) || statSync(lock).mtimeMs <= statSync(record).mtimeMs;
};

const installAll = async () => {
  // `npm ci` would refuse a lock file that was written on another platform; this keeps to its versions as well
  // and leaves the file as it is.
  const options = ['--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const what = 'Installing the dependencies';
  await step(what, () =>
    run(what, 'install', npm('install', ...options), {
      advice: 'check the network and the free disk space (1 GB), then run `npm run playground` again.',
    }),
  );
};

const rebuildNative = async () => {
  const what = 'Rebuilding the database driver for this version of Node';
  await step(what, () =>
    run(what, 'rebuild', npm('rebuild', 'better-sqlite3'), {
      advice: 'delete node_modules and run `npm run playground` again.',
    }),
  );
};

export const install = async () => {
  const present = ['.package-lock.json', '@strapi/strapi', 'typescript'].every((name) =>
    existsSync(at(`node_modules/${name}`)),
  );
  const now = wanted();
  const done = state.get('install');
  const unchanged = done ? done.files === now.files : present && installedByHand();
  const sameNode = !done || done.abi === now.abi;

  if (present && unchanged && sameNode) upToDate('Dependencies');
  if (!present) line('  The first install takes a few minutes.');
  if (!present || !unchanged) await installAll();
  if (present && !sameNode) await rebuildNative();
  state.set('install', now);
};
