import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { cache, playground, root } from './paths.mjs';
import { failureWithLog } from './steps.mjs';

const GRACE_MS = 10_000;
const windows = process.platform === 'win32';
const running = new Set();

/**
 * Starts a Node program that writes to its own log file. It leads its own process group, so that it and
 * everything it starts can be stopped together.
 */
export const start = (name, args, { cwd = root, env = {} } = {}) => {
  const log = path.join(cache, 'logs', `${name}.log`);
  mkdirSync(path.dirname(log), { recursive: true });
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, STRAPI_TELEMETRY_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
    windowsHide: true,
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });

  running.add(child);
  const ended = new Promise((resolve) => {
    const finish = (code) => {
      running.delete(child);
      file.end(() => resolve(code ?? 1));
    };
    child.once('close', finish);
    child.once('error', (error) => {
      file.write(`${error.stack}\n`);
      if (child.pid === undefined) finish(1);
    });
  });
  return { child, log, ended };
};

/** Runs a Node program to its end; a failing one ends the playground with the tail of its log. */
export const run = async (what, name, args, { advice, ...options }) => {
  const { log, ended } = start(name, args, options);
  if ((await ended) !== 0) throw failureWithLog(what, log, advice);
};

/** npm is itself a Node program; the one that runs this script is the one to use. */
export const npm = (...args) => {
  const fromNpm = process.env.npm_execpath;
  const beside = path.resolve(process.execPath, '..', '..', 'lib/node_modules/npm/bin/npm-cli.js');
  const besideOnWindows = path.resolve(process.execPath, '..', 'node_modules/npm/bin/npm-cli.js');
  const cli = fromNpm?.endsWith('npm-cli.js') ? fromNpm : windows ? besideOnWindows : beside;
  return [cli, ...args];
};

export const strapi = (...args) => [path.join(root, 'node_modules/@strapi/strapi/bin/strapi.js'), ...args];

export const inPlayground = { cwd: playground, env: { NODE_ENV: 'production' } };

const signalTree = (child, signal) => {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself in the meantime.
  }
};

/** Asks everything that was started to stop, and insists after a while. */
export const stopAll = async () => {
  const children = [...running];
  const closed = Promise.all(children.map((child) => new Promise((resolve) => child.once('close', resolve))));
  for (const child of children) signalTree(child, 'SIGTERM');
  const timer = setTimeout(() => children.forEach((child) => signalTree(child, 'SIGKILL')), GRACE_MS);
  await closed;
  clearTimeout(timer);
};
