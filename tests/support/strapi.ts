import { stripVTControlCharacters } from 'node:util';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import supertest from 'supertest';
import { afterAll, beforeAll, inject } from 'vitest';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { send, type Answer, type Ask } from './http';
import { ROOT } from './root';
import { TestDate } from './test-date';

const require = createRequire(import.meta.url);
const PLAYGROUND = path.join(ROOT, 'playground');
const DIST = path.join(PLAYGROUND, 'dist');

type Args = { strapi: Core.Strapi };

/** An entry of `config/middlewares`; functions are taken as they are. */
export type MiddlewareEntry = string | { name?: string; resolve?: string; config?: object };

export interface SiteOptions {
  /** The plugin's own options; `false` switches it off as `enabled: false` in config/plugins does. */
  readonly cache?: UpstashCacheConfig | false;
  /** Changes the list of `config/middlewares`. */
  readonly middlewares?: (entries: MiddlewareEntry[]) => MiddlewareEntry[];
  /** Merged into `config/api`'s `rest`. */
  readonly rest?: object;
  /** Merged into `config/server`. */
  readonly server?: object;
  /** Runs like the application's own `register`, after that of every plugin. */
  readonly register?: (args: Args) => void | Promise<void>;
  /** Runs like the application's own `bootstrap`, after that of every plugin. */
  readonly bootstrap?: (args: Args) => void | Promise<void>;
  /** Environment variables, for as long as the site runs. */
  readonly env?: Record<string, string>;
}

/** The playground, running in this process. */
export interface Site {
  readonly strapi: Core.Strapi;
  readonly origin: string;
  readonly request: ReturnType<typeof supertest>;
  /** The clock that the cache goes by: real time, and what a test adds to it. */
  readonly date: TestDate;
  /** What was logged so far, as `level: text`. */
  readonly log: readonly string[];
  /** One request as it comes over the wire. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(path: string, ask: Ask): Promise<Answer>;
  stop(): Promise<void>;
}

const CLEAN = [
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'CACHE_TTL_SECONDS',
  'CACHE_KEY_PREFIX',
  'CACHE_REDIS_URL',
  'PLAYGROUND_CACHE',
];

/** Starts a seeded playground with a database of its own on a free port of 127.0.0.1. One at a time. */
export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const folder = mkdtempSync(path.join(tmpdir(), 'site-'));
  cpSync(inject('template'), folder, { recursive: true });
  const undo: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  undo.push(rememberListeners());
  undo.push(setEnvironment(folder, options.env ?? {}));
  undo.push(...patchConfig(options));
  const date = new TestDate();
  undo.push(() => date.restore());
  const cleanUp = (): void => undo.reverse().forEach((step) => step());

  let strapi: Core.Strapi | undefined;
  try {
    const { createStrapi } = require('@strapi/strapi') as typeof import('@strapi/strapi');
    strapi = createStrapi({ appDir: PLAYGROUND, distDir: DIST });
    const log = listen(strapi);
    await strapi.load();
    strapi.server.mount();
    const { httpServer } = strapi.server;
    await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
    const running = strapi;
    let stopped = false;
    return {
      strapi,
      origin,
      request: supertest(httpServer),
      date,
      log,
      get: (url, headers = {}) => send(origin, url, { headers }),
      send: (url, ask) => send(origin, url, ask),
      stop: async () => {
        if (stopped) return;
        stopped = true;
        await destroy(running);
        cleanUp();
      },
    };
  } catch (error) {
    if (strapi) await destroy(strapi).catch(() => undefined);
    cleanUp();
    throw error;
  }
}

/** `destroy` of Strapi takes all listeners off the process, also those of the test runner. */
async function destroy(strapi: Core.Strapi): Promise<void> {
  const { removeAllListeners } = process;
  process.removeAllListeners = () => process;
  try {
    await strapi.destroy();
  } finally {
    process.removeAllListeners = removeAllListeners;
  }
}

/** Remembers who listens to the process; the result takes off those who came later. */
function rememberListeners(): () => void {
  const before = new Map(process.eventNames().map((name) => [name, process.listeners(name as 'exit')]));
  return () => {
    for (const name of process.eventNames())
      for (const listener of process.listeners(name as 'exit'))
        if (!before.get(name)?.includes(listener)) process.removeListener(name, listener);
  };
}

function listen(strapi: Core.Strapi): string[] {
  const lines: string[] = [];
  for (const transport of strapi.log.transports) transport.silent = true;
  strapi.log.level = 'debug';
  strapi.log.on('data', (info: { level: string; message: unknown }) => {
    lines.push(`${stripVTControlCharacters(info.level)}: ${String(info.message)}`);
  });
  return lines;
}

function setEnvironment(folder: string, more: Record<string, string>): () => void {
  const before = { ...process.env };
  for (const name of CLEAN) delete process.env[name];
  Object.assign(process.env, {
    NODE_ENV: 'test',
    STRAPI_TELEMETRY_DISABLED: 'true',
    ENV_PATH: path.join(folder, '.env'),
    DATABASE_CLIENT: 'sqlite',
    DATABASE_FILENAME: path.join(folder, 'data.db'),
    PUBLIC_DIR: path.join(folder, 'public'),
    ...more,
  });
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

type Settings = Record<string, unknown>;
type Factory = Settings | ((params: unknown) => Settings);

/** Changes what configuration files of the playground say, without changing the files. */
function patchConfig(options: SiteOptions): (() => void)[] {
  const { cache, middlewares, rest, server, register, bootstrap } = options;
  const patches: [file: string, change: (settings: never) => unknown][] = [];
  patches.push(['config/plugins.js', (plugins: Settings) => withPlugin(plugins, cache)]);
  if (middlewares) patches.push(['config/middlewares.js', middlewares]);
  if (rest)
    patches.push(['config/api.js', (api: { rest: object }) => ({ ...api, rest: { ...api.rest, ...rest } })]);
  if (server) patches.push(['config/server.js', (settings: object) => ({ ...settings, ...server })]);
  if (register || bootstrap)
    patches.push([
      'src/index.js',
      (app: Record<string, ((args: Args) => unknown) | undefined>) => ({
        ...app,
        register: async (args: Args) => {
          await app.register?.(args);
          await register?.(args);
        },
        bootstrap: async (args: Args) => {
          await app.bootstrap?.(args);
          await bootstrap?.(args);
        },
      }),
    ]);
  return patches.map(([file, change]) => patchModule(path.join(DIST, file), change));
}

function withPlugin(plugins: Settings, cache: SiteOptions['cache']): Settings {
  const given = plugins['upstash-cache'] as Settings;
  // the build of this working copy, wherever node_modules lies
  const own = { ...given, resolve: ROOT, enabled: cache !== false };
  return { ...plugins, 'upstash-cache': cache ? { ...own, config: cache } : own };
}

function patchModule(file: string, change: (settings: never) => unknown): () => void {
  require(file);
  const loaded = require.cache[require.resolve(file)];
  if (!loaded) throw new Error(`${file} was not loaded`);
  const original: unknown = loaded.exports;
  const given = (original as { __esModule?: boolean; default: Factory }).__esModule
    ? (original as { default: Factory }).default
    : (original as Factory);
  const changed = file.endsWith('src/index.js')
    ? change(given as never)
    : (params: unknown) => change((typeof given === 'function' ? given(params) : given) as never);
  loaded.exports = { __esModule: true, default: changed };
  return () => {
    loaded.exports = original;
  };
}

/**
 * A site for all tests of the surrounding `describe`, started before them and stopped after them.
 * @param options a function is asked when the site starts
 * @returns the running site
 */
export function useSite(options: SiteOptions | (() => SiteOptions) = {}): () => Site {
  let site: Site | undefined;
  beforeAll(async () => {
    site = await startSite(typeof options === 'function' ? options() : options);
  });
  afterAll(async () => {
    await site?.stop();
    site = undefined;
  });
  return () => {
    if (!site) throw new Error('the site runs inside of tests only');
    return site;
  };
}
