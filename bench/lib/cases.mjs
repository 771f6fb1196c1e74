/** About 1 KB, 10 KB and 200 KB of JSON with the content of `servers/seed.mjs`. */
const list = (pageSize) => `/api/articles?populate=*&pagination[pageSize]=${pageSize}`;
export const PATHS = { '1 KB': '/api/articles?pagination[pageSize]=2', '10 KB': list(4), '200 KB': list(78) };
const TEN = PATHS['10 KB'];

const ORIGIN = { Origin: 'https://www.example.com' };
const CACHES = ['http', 'koa', 'memory', 'strapi-cache'];

/**
 * What is measured. `headers` may ask for the API token of the world with `token: true`. A run is `[variant, label]`
 * or a variant's name; `writer` means that the server publishes notes all the time meanwhile, or, with the name of a
 * variant, that another server does. `warm` is for how many seconds every run warms up, 1 if nothing is said: what has
 * answered hits has compiled little of what a miss or a publication runs through. `starts` is for cases where a few per
 * cent matter: one process is by that much faster than the next that runs the same, so the servers are started anew so
 * many times, and `rounds` are those of each.
 */
export const CASES = [
  {
    id: 'hit',
    title: 'A hit: 10 KB, 32 connections, 1 key',
    path: TEN,
    // the first that every server does in its life
    warm: 5,
    runs: ['http', 'koa', 'memory', 'tiered', 'strapi-cache', 'rest-cache', 'uncached'],
    rounds: 7,
  },
  { id: 'c256', title: '256 connections', path: TEN, connections: 256, runs: CACHES },
  { id: '1kb', title: '1 KB', path: PATHS['1 KB'], runs: CACHES },
  { id: '200kb', title: '200 KB', path: PATHS['200 KB'], runs: CACHES },
  { id: 'k1000', title: '1,000 keys of 10 KB', path: TEN, keys: 1000, runs: CACHES },
  {
    id: 'origin',
    title: 'With an Origin header',
    path: TEN,
    headers: ORIGIN,
    runs: [...CACHES, 'uncached'],
    rounds: 5,
  },
  {
    id: 'token',
    title: 'With an API token',
    path: TEN,
    token: true,
    runs: [...CACHES, 'uncached'],
    rounds: 5,
  },
  {
    id: 'origin-token',
    title: 'With an Origin header and an API token',
    path: TEN,
    headers: ORIGIN,
    token: true,
    runs: CACHES,
  },
  { id: 'limits', title: 'Rate limit on', path: TEN, warm: 5, runs: ['koa', 'memory', 'limits'], rounds: 7 },
  {
    id: 'writer',
    title: 'Hits while one writer publishes',
    path: TEN,
    warm: 10,
    runs: [
      'memory',
      { variant: 'memory', name: 'memory, writer', writer: true },
      // what is left when no commit has to wait for a disk
      'ram',
      { variant: 'ram', name: 'ram, writer', writer: true },
      'strapi-cache',
      { variant: 'strapi-cache', name: 'strapi-cache, writer', writer: true },
    ],
    rounds: 7,
  },
  {
    id: 'writer-postgres',
    title: 'Hits while one writer publishes, on PostgreSQL',
    path: TEN,
    warm: 10,
    runs: [
      'postgres',
      { variant: 'postgres', name: 'postgres, writer', writer: true },
      // what sharing two processors with a writer and its database costs by itself
      { variant: 'postgres', name: 'postgres, writer in another process', writer: 'elsewhere' },
    ],
    rounds: 7,
  },
  {
    id: 'miss',
    title: 'A miss: 10 KB, every request another key, 32 connections',
    path: TEN,
    miss: true,
    warm: 15,
    runs: ['uncached', 'memory', 'tiered', 'strapi-cache'],
    starts: 3,
    rounds: 5,
  },
  {
    id: 'miss1',
    title: 'A miss, 1 connection',
    path: TEN,
    miss: true,
    connections: 1,
    runs: ['uncached', 'memory', 'tiered', 'strapi-cache'],
    warm: 15,
    starts: 3,
    rounds: 5,
  },
  {
    id: 'k100000',
    title: '100,000 keys of 1 KB',
    path: PATHS['1 KB'],
    keys: 100_000,
    // Each key is a miss first, minutes of them; last, since what is kept for them weighs on what comes after.
    runs: ['http', 'koa', 'memory'],
    full: true,
  },
];

/** @param run an entry of `runs` */
export const runOf = (run) => (typeof run === 'string' ? { variant: run, name: run } : run);

/** The variant whose server publishes meanwhile, if any. */
export const writerOf = ({ variant, writer }) => (writer === true ? variant : writer);

/** The variants whose servers a case needs. */
export const variantsOf = ({ runs }) =>
  runs.map(runOf).flatMap((run) => [run.variant, writerOf(run)].filter((name) => name !== undefined));
