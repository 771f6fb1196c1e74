#!/usr/bin/env node
// Reads a running playground as its visitors would, and prints the hit rate that the X-Cache headers give.
import { randomOf, Traffic } from './lib/traffic.mjs';
import { Failure, line } from './lib/steps.mjs';

const usage = `Usage: npm run traffic -- [options]

  --url URL          a running playground (default http://127.0.0.1:1337)
  --requests N       how many requests to send, at most 100000 (default 2000)
  --concurrency N    how many at the same time, at most 64 (default 8)
  --seed N           another number makes other requests (default 1)
  --token TOKEN      an API token that some of the requests carry
  --remote           lets --url be another machine than this one
  --help             show this text`;

const MOST = { requests: 100_000, concurrency: 64, seed: 2 ** 31 };
const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];

const wholeNumber = (name, text) => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= MOST[name]) return value;
  throw new Failure(`--${name} needs a whole number from 1 to ${MOST[name]}, not "${text ?? ''}".`);
};

const read = (words) => {
  const options = { url: 'http://127.0.0.1:1337', requests: 2000, concurrency: 8, seed: 1, token: null };
  const rest = words.flatMap((word) => (word.startsWith('--') ? word.split(/=(.*)/s).slice(0, 2) : word));
  while (rest.length > 0) {
    const name = rest.shift().replace(/^--/, '');
    if (name === 'help' || name === 'remote') options[name] = true;
    else if (name in MOST) options[name] = wholeNumber(name, rest.shift());
    else if (name === 'url' || name === 'token') options[name] = rest.shift() ?? '';
    else throw new Failure(`Unknown option "${name}".\n\n${usage}`);
  }
  if (!URL.canParse(options.url)) throw new Failure(`--url needs an address, not "${options.url}".`);
  const { hostname, origin } = new URL(options.url);
  if (!options.remote && !LOCAL.includes(hostname))
    throw new Failure(`${hostname} is another machine. Say --remote if it may be sent traffic.`);
  return { ...options, origin };
};

const percent = (share) => (share === null ? 'none' : `${(share * 100).toFixed(1)} %`);
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ms = (list) => (list.length === 0 ? '' : `, median ${median(list).toFixed(1)} ms`);

const main = async () => {
  const options = read(process.argv.slice(2));
  if (options.help) return line(usage);
  const traffic = new Traffic({ ...options, random: randomOf(options.seed) });
  try {
    await traffic.open();
  } catch (error) {
    throw new Failure(`${options.origin} is no running playground (${error.cause?.code ?? error.message}).`);
  }
  await traffic.send(options.requests, options.concurrency);
  const { HIT, STALE, MISS, BYPASS, none } = traffic.counts;
  line(`
  ${HIT + STALE + MISS + BYPASS + none} requests to ${options.origin}

    HIT     ${HIT}${ms(traffic.hitMs)}
    STALE   ${STALE}
    MISS    ${MISS}${ms(traffic.missMs)}
    BYPASS  ${BYPASS}
    ${none > 0 ? `without X-Cache: ${none}\n    ` : ''}
  Hit rate ${percent(traffic.hitRate)}: hits among hits and misses, as on the page ${options.origin}/admin/plugins/upstash-cache
`);
};

try {
  await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  line(`\n${error.message}\n`);
  process.exitCode = 1;
}
