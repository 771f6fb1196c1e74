import { articleLists } from './traffic.mjs';

const URLS = articleLists(200);
const BOTH = ['http', 'koa', 'memory'];
const CACHES = [...BOTH, 'strapi-cache'];

/**
 * What is measured. `traffic` is what `makeTraffic` takes, `miss` asks for another URL each time instead. A run is a
 * variant's name or `{ variant, name, connections }`. `warm` is for how many seconds every run warms up: what has
 * answered hits has compiled little of what a miss runs through. `starts` is for cases where a few per cent matter: of
 * two processes that run the same one is by that much faster, so servers are started anew so many times, and `rounds`
 * are those of each. `writes` measures writers instead of readers (`writes.mjs`).
 */
export const CASES = [
  {
    id: 'traffic',
    title: 'Hits in real traffic: 200 URLs, 32 connections',
    traffic: { urls: URLS },
    // the first that every server does in its life
    warm: 5,
    runs: [...BOTH, 'tiered', 'strapi-cache', 'rest-cache', 'uncached'],
    rounds: 7,
  },
  {
    id: 'traffic256',
    title: 'The same over 256 connections',
    traffic: { urls: URLS },
    connections: 256,
    warm: 2,
    runs: CACHES,
    rounds: 7,
  },
  {
    id: 'same',
    title: 'Identical bytes on every connection, 1 URL',
    traffic: { urls: URLS, same: true },
    runs: CACHES,
  },
  {
    id: 'close',
    title: 'A connection for each request (`Connection: close`)',
    traffic: { urls: URLS, close: true },
    runs: CACHES,
  },
  {
    id: 'encoding',
    title: 'With `Accept-Encoding: br, gzip`, answered in br',
    traffic: { urls: URLS, encoding: 'br, gzip' },
    runs: BOTH,
  },
  {
    id: 'matching',
    title: 'Half of the requests with an `If-None-Match` that matches',
    traffic: { urls: URLS, matching: 0.5 },
    runs: BOTH,
  },
  {
    id: 'origin',
    title: 'Half of the requests with an `Origin`, of three',
    traffic: { urls: URLS, origins: 0.5 },
    runs: CACHES,
  },
  {
    id: 'limits',
    title: 'Rate limit on, 10,000 addresses',
    traffic: { urls: URLS, requests: 10_000 },
    runs: ['koa', 'memory', 'limits'],
  },
  {
    id: 'otel',
    title: 'With OpenTelemetry for HTTP',
    traffic: { urls: URLS },
    runs: ['koa', 'memory', 'koa-otel', 'otel'],
    against: 'koa-otel',
    warm: 3,
  },
  {
    id: 'foreign',
    title: 'Behind a middleware of the application, last in `config/middlewares`',
    traffic: { urls: URLS },
    runs: ['koa', 'memory', 'koa-foreign', 'foreign'],
    against: 'koa-foreign',
    warm: 3,
  },
  {
    id: 'tokens',
    title: 'With 20 API tokens',
    traffic: { urls: URLS, tokens: true },
    runs: ['http', 'koa', 'large'],
    warm: 3,
  },
  {
    id: 'urls5000',
    title: '5,000 URLs',
    traffic: { urls: articleLists(5000), requests: 20_000 },
    runs: ['http', 'koa', 'large'],
    warm: 3,
  },
  {
    id: 'miss',
    title: 'Misses: every request another URL',
    miss: true,
    runs: [
      'uncached',
      'memory',
      'tiered',
      ...['uncached', 'memory'].map((variant) => ({
        variant,
        name: `${variant}, 1 connection`,
        connections: 1,
        warm: 3,
      })),
    ],
    against: 'uncached',
    warm: 10,
    starts: 3,
    rounds: 4,
  },
  { id: 'write-sqlite', title: 'Writes beside hits, SQLite', writes: { plain: 'plain', plugin: 'memory' } },
  {
    id: 'write-postgres',
    title: 'Writes beside hits, PostgreSQL',
    writes: { plain: 'plain-postgres', plugin: 'postgres' },
  },
];

/** @param run an entry of `runs` */
export const runOf = (run) => (typeof run === 'string' ? { variant: run, name: run } : run);

/** The variants whose servers a case needs. */
export const variantsOf = ({ runs, writes }) =>
  runs ? [...new Set(runs.map((run) => runOf(run).variant))] : [writes.plain, writes.plugin];
