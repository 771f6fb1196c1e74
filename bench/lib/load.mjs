import { execFile, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { textOf } from './traffic.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/** @throws Error with instructions where wrk is not installed */
export function wrkVersion() {
  const { stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  if (error)
    throw new Error('wrk makes the load and is not installed: apt-get install wrk, or brew install wrk');
  return /wrk\s+(\S+)/.exec(stdout)?.[1] ?? '';
}

/** Texts of requests in a file, which is what the load generators read. */
export class RequestFile {
  #folder = mkdtempSync(path.join(tmpdir(), 'bench-requests-'));
  path = path.join(this.#folder, 'requests');

  constructor(requests) {
    writeFileSync(this.path, requests.map(textOf).join(''));
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * Sends requests for a while, each as soon as the one before it on its connection is answered.
 * @param load.first where a counted request begins to count; none of these may come from a cache
 * @returns requests, seconds, bytes received, p50 and p99 in milliseconds
 * @throws when a request failed, or was answered with 400 or above
 */
export async function sendLoad({ origin, file, connections, seconds, first = 0 }) {
  const { stdout } = await run('wrk', [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s'],
    ...['-s', path.join(here, 'wrk.lua'), `${origin}/`, '--', file.path, String(first)],
  ]);
  const result = JSON.parse(stdout.trim().split('\n').at(-1));
  if (result.wrong > 0) throw new Error(`${origin}: ${result.wrong} requests failed`);
  if (result.hits > 0) throw new Error(`${origin}: ${result.hits} misses came from the cache`);
  return result;
}

/**
 * Sends requests at a fixed rate, whether they are answered or not, until it is stopped.
 * @returns a function that stops it and tells what `steady.mjs` counted
 * @throws when a request failed, or was answered with 400 or above
 */
export async function startSteady({ origin, file, perSecond, connections }) {
  const child = fork(path.join(here, 'steady.mjs'), [
    origin,
    file.path,
    String(perSecond),
    String(connections),
  ]);
  const heard = () => new Promise((resolve) => child.once('message', resolve));
  await heard();
  return async () => {
    const result = heard();
    child.send('stop');
    const counted = await result;
    if (counted.wrong > 0) throw new Error(`${origin}: ${counted.wrong} requests failed`);
    return counted;
  };
}
