import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { fingerprint } from '../../scripts/lib/state.mjs';
import { openPostgres } from './postgres.mjs';
import { openRedis } from './redis-world.mjs';
import { Server } from './servers.mjs';
import { missingPeers, peersFolder, VARIANTS } from './variants.mjs';

const FIXED = {
  NODE_ENV: 'production',
  STRAPI_TELEMETRY_DISABLED: 'true',
  STRAPI_DISABLE_UPDATE_NOTIFICATION: 'true',
};

/** What the plugin reads from the environment must come from the bench alone. */
const CLEAN = {
  UPSTASH_REDIS_REST_URL: undefined,
  UPSTASH_REDIS_REST_TOKEN: undefined,
  CACHE_REDIS_URL: undefined,
  CACHE_TTL_SECONDS: undefined,
  CACHE_KEY_PREFIX: undefined,
};

/** The app of the bench with its content, and servers that run it in one variant each. */
export class World {
  #folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  #ram = [];
  #servers = new Map();
  /** What must be closed behind the servers. */
  #behind = [];
  #template;

  static async open() {
    const world = new World();
    world.#template = await seeded();
    world.token = JSON.parse(readFileSync(path.join(world.#template, 'seed.json'), 'utf8')).token;
    return world;
  }

  /** The running server of a variant. */
  server(name) {
    const server = this.#servers.get(name);
    if (!server) throw new Error(`variant ${name} does not run`);
    return server;
  }

  /**
   * @param options.node flags for node
   * @param options.as the name that the server gets here, to run a variant twice
   * @param options.memory bytes that this plugin may use
   */
  async start(name, { node = [], as = name, memory } = {}) {
    const { bare, plugins, redis, postgres, ram } = VARIANTS[name];
    if (bare) {
      this.#servers.set(as, await Server.start('bare.mjs', [bare], { node, env: { ...FIXED } }));
      return;
    }
    const shared = redis ? await openRedis() : null;
    if (shared) this.#behind.push(shared);
    const database = postgres ? await openPostgres() : null;
    if (database) this.#behind.push(database);
    const folder = path.join(this.#folder, as);
    cpSync(this.#template, folder, { recursive: true });
    const config = plugins({ ...shared, memory });
    const file = path.join(ram ? this.#inRam() : folder, 'data.db');
    if (ram) cpSync(path.join(folder, 'data.db'), file);
    const server = await startApp(folder, config, node, { DATABASE_FILENAME: file, ...database?.env });
    this.#servers.set(as, server);
    if (database) await server.ask('seed');
  }

  async stop(name) {
    await this.server(name).stop();
    this.#servers.delete(name);
  }

  /** Stops a server and starts it anew with its content as it was at first. */
  async restart(name) {
    await this.stop(name);
    await this.start(name);
  }

  async close() {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()));
    await Promise.all(this.#behind.map((it) => it.close()));
    for (const folder of [this.#folder, ...this.#ram]) rmSync(folder, { recursive: true, force: true });
  }

  /** A folder whose files are in memory (Linux). */
  #inRam() {
    if (!existsSync('/dev/shm')) throw new Error('a disk in memory is wanted at /dev/shm, and there is none');
    const folder = mkdtempSync('/dev/shm/bench-');
    this.#ram.push(folder);
    return folder;
  }
}

const startApp = (folder, plugins, node = [], database = {}) =>
  Server.start('strapi.mjs', [], {
    node,
    env: {
      ...FIXED,
      ...CLEAN,
      DATABASE_FILENAME: path.join(folder, 'data.db'),
      PUBLIC_DIR: path.join(folder, 'public'),
      ENV_PATH: path.join(folder, '.env'),
      BENCH_PLUGINS: JSON.stringify(plugins),
      ...database,
    },
  });

/** A folder with the content that every variant gets a copy of. */
async function seeded() {
  const stamp = fingerprint(['bench/app', 'bench/servers/seed.mjs']).slice(0, 16);
  const folder = path.join(root, 'node_modules/.cache/bench', `seeded-${stamp}`);
  if (existsSync(path.join(folder, 'seed.json'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'public/uploads'), { recursive: true });
  const server = await startApp(folder, {});
  try {
    writeFileSync(path.join(folder, 'seed.json'), JSON.stringify(await server.ask('seed')));
  } finally {
    await server.stop();
  }
  return folder;
}

/** Installs the other caches into `bench/peers`, where one of these variants needs them. */
export function installPeers(names, load) {
  if (missingPeers(names).length === 0 && load.name === 'wrk') return;
  const installed = existsSync(path.join(peersFolder, 'node_modules/autocannon'));
  if (installed && missingPeers(names).length === 0) return;
  console.log('Installing the other caches into bench/peers ...');
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...flags, '--loglevel=error'], { cwd: peersFolder, stdio: 'inherit' });
}
