import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/** Far from any number of keys, so that consecutive requests do not ask for neighbours. */
const STEP = 7919;

/** What makes the load, for the report; says how to install the better one. */
export function loadProgram() {
  const { status, stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' });
  if (!error && status !== null) return { name: 'wrk', version: /wrk\s+(\S+)/.exec(stdout)?.[1] ?? '' };
  console.log('wrk is not installed, so autocannon makes the load, which is slower. Debian and Ubuntu:');
  console.log('  sudo apt-get install wrk        macOS: brew install wrk\n');
  return { name: 'autocannon', version: '8' };
}

/**
 * Sends requests for a while over kept connections, each the next as soon as the last is answered.
 * @param load.keys 1: always the same URL; more: `&key=<n>` is added to it
 * @param load.inOrder keys one after the other from `first`, instead of spread
 * @returns requests, seconds, p50 and p99 in milliseconds
 * @throws when an answer is not of status 2xx
 */
export async function sendLoad(program, load) {
  const make = program.name === 'wrk' ? withWrk : withAutocannon;
  const result = await make({ keys: 1, first: 0, headers: {}, ...load });
  if (result.wrong > 0) throw new Error(`${load.url}: ${result.wrong} requests failed`);
  return result;
}

async function withWrk({ url, connections, seconds, headers, keys, inOrder, first }) {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await run('wrk', [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '30s', ...fields],
    ...['-s', path.join(here, 'wrk.lua'), url, '--', String(keys), String(inOrder ? 1 : STEP), String(first)],
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

async function withAutocannon(load) {
  const { stdout } = await run(process.execPath, [path.join(here, 'autocannon.mjs'), JSON.stringify(load)]);
  return JSON.parse(stdout);
}

/** Asks for keys 0 to `keys` - 1 once each. */
export async function visit({ url, headers = {}, keys, connections = 16 }) {
  let next = 0;
  const one = async () => {
    while (next < keys) {
      const key = next++;
      const response = await fetch(keys === 1 ? url : `${url}&key=${key}`, {
        headers: { ...headers, 'Accept-Encoding': 'identity' },
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, keys) }, one));
}
