import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

export const peersFolder = path.join(root, 'bench/peers');

const peer = (name) => path.join(peersFolder, 'node_modules', name);

const HOUR_MS = 3_600_000;

const ours = (config = {}, memory = '1500 MB') => ({
  'upstash-cache': {
    enabled: true,
    resolve: root,
    config: { store: 'memory', memory: { maxSize: memory }, ...config },
  },
});

/** As generous as a site could be: the limits are looked at, and never reached. */
const LIMITS = { policies: [{ name: 'burst', quota: 100_000_000, window: '1 m' }] };

/**
 * The servers that are compared. `plugins` goes into the `config/plugins` of the app; `redis` tells how a variant
 * is told where Redis is; `postgres` says that Strapi has its content there instead of in SQLite, `ram` that the file of
 * SQLite lies in memory.
 */
export const VARIANTS = {
  http: { label: 'bare node:http', bare: 'http' },
  koa: { label: 'bare Koa', bare: 'koa' },
  memory: { label: 'this plugin, memory', plugins: ({ memory }) => ours({}, memory), cached: true },
  postgres: {
    label: 'this plugin, memory, Strapi on PostgreSQL',
    plugins: ({ memory }) => ours({}, memory),
    cached: true,
    postgres: true,
  },
  ram: {
    label: 'this plugin, memory, SQLite on a disk in memory',
    plugins: ({ memory }) => ours({}, memory),
    cached: true,
    ram: true,
  },
  elsewhere: {
    label: 'this plugin, another process with a PostgreSQL of its own',
    plugins: ({ memory }) => ours({}, memory),
    postgres: true,
  },
  limits: {
    label: 'this plugin, memory, rate limit on',
    plugins: () => ours({ rateLimit: LIMITS }),
    cached: true,
  },
  tiered: {
    label: 'this plugin, memory over Redis',
    plugins: ({ url, token, memory }) => ours({ store: 'upstash', upstash: { url, token } }, memory),
    cached: true,
    redis: true,
  },
  'strapi-cache': {
    label: 'strapi-cache, memory',
    peer: 'strapi-cache',
    plugins: () => ({
      'strapi-cache': {
        enabled: true,
        resolve: peer('strapi-cache'),
        config: { provider: 'memory', max: 200_000, size: 1_500_000_000, ttl: HOUR_MS },
      },
    }),
  },
  'rest-cache': {
    label: 'plugin-rest-cache, memory',
    peer: '@strapi-community/plugin-rest-cache',
    plugins: () => ({
      'rest-cache': {
        enabled: true,
        resolve: peer('@strapi-community/plugin-rest-cache'),
        config: {
          provider: { name: 'memory', options: { maxSize: 200_000, ttl: HOUR_MS } },
          strategy: { contentTypes: ['api::article.article'], maxAge: HOUR_MS },
        },
      },
    }),
  },
  uncached: { label: 'Strapi, no cache', plugins: () => ({}) },
};

/** Names of variants that are not installed. */
export const missingPeers = (names) =>
  names.filter((name) => VARIANTS[name].peer && !existsSync(peer(VARIANTS[name].peer)));
