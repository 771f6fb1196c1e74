import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';

export const peersFolder = path.join(root, 'bench/peers');

const peer = (name) => path.join(peersFolder, 'node_modules', name);
const OTEL = ['--import', new URL('../servers/otel.mjs', import.meta.url).href];
const HOUR_MS = 3_600_000;

/** This plugin; without options it is as it comes. */
const ours = (config = {}) => ({ 'upstash-cache': { enabled: true, resolve: root, config } });

/** As generous as a site could be: the limits are looked at, and never reached. */
const LIMITS = { policies: [{ name: 'burst', quota: 100_000_000, window: '1 m' }] };

/**
 * The servers that are compared. `plugins` goes into the `config/plugins` of the app; `first` and `last` are its own
 * middlewares; `cached` says that it must answer from this plugin; `redis` gives it one; `postgres` says that Strapi has
 * its content there instead of in SQLite; `node` are flags.
 */
export const VARIANTS = {
  http: { label: 'bare node:http', bare: 'http' },
  koa: { label: 'bare Koa', bare: 'koa' },
  memory: { label: 'this plugin, memory', plugins: () => ours(), cached: true },
  large: {
    label: 'this plugin, memory.maxSize 512 MB',
    plugins: () => ours({ memory: { maxSize: '512 MB' } }),
    cached: true,
  },
  small: {
    label: 'this plugin, memory.maxSize 8 MB',
    plugins: () => ours({ memory: { maxSize: '8 MB' } }),
    cached: true,
  },
  limits: { label: 'this plugin, rate limit on', plugins: () => ours({ rateLimit: LIMITS }), cached: true },
  tiered: {
    label: 'this plugin, memory over Redis',
    plugins: ({ url, token }) => ours({ store: 'upstash', upstash: { url, token } }),
    cached: true,
    redis: true,
  },
  counted: {
    label: 'this plugin, memory over Redis, with time to wait for it and 100 tags an hour',
    plugins: ({ url, token }) =>
      ours({
        store: 'upstash',
        upstash: { url, token },
        deadline: '10 s',
        rateLimit: { policies: [{ name: 'few', quota: 100, window: '1 h', paths: ['/api/tags'] }] },
      }),
    cached: true,
    redis: true,
  },
  'koa-otel': { label: 'bare Koa with OpenTelemetry', bare: 'koa', node: OTEL },
  otel: {
    label: 'this plugin with OpenTelemetry',
    plugins: () => ours(),
    cached: true,
    node: OTEL,
  },
  'koa-foreign': { label: 'bare Koa with a middleware', bare: 'koa-foreign' },
  foreign: {
    label: 'this plugin behind a middleware of the application',
    plugins: () => ours(),
    cached: true,
    last: 'global::foreign',
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
  plain: { label: 'Strapi, answers by a plain middleware', plugins: () => ({}), first: 'global::answers' },
  postgres: { label: 'this plugin, PostgreSQL', plugins: () => ours(), cached: true, postgres: true },
  'plain-postgres': {
    label: 'Strapi, answers by a plain middleware, PostgreSQL',
    plugins: () => ({}),
    first: 'global::answers',
    postgres: true,
  },
};

/** Whether everything in `bench/peers` is there. */
export const peersInstalled = () =>
  ['@opentelemetry/instrumentation-http', ...Object.values(VARIANTS).map((it) => it.peer)].every(
    (name) => name === undefined || existsSync(peer(name)),
  );
