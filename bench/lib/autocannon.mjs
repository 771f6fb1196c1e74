// Makes the load of one run in a process of its own: node autocannon.mjs '{"url": ..., "connections": ...}'
import { createRequire } from 'node:module';

const autocannon = createRequire(new URL('../peers/package.json', import.meta.url))('autocannon');
const { url, connections, seconds, headers, keys, inOrder, first } = JSON.parse(process.argv[2]);
const { pathname, search } = new URL(url);
let at = first;
const next = (request) => {
  at = (at + (inOrder ? 1 : 7919)) % keys;
  return { ...request, path: `${pathname}${search}&key=${at}` };
};
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  headers,
  ...(keys > 1 && { requests: [{ setupRequest: next }] }),
});
const { requests, duration, latency, non2xx, errors, timeouts } = result;
console.log(
  JSON.stringify({
    requests: requests.total,
    seconds: duration,
    p50: latency.p50,
    p99: latency.p99,
    wrong: non2xx + errors + timeouts,
  }),
);
