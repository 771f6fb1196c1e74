import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { fingerprint } from '../../scripts/lib/state.mjs';
import { openPostgres } from './postgres.mjs';
import { openRedis } from './redis-world.mjs';
import { Server } from './servers.mjs';
import { peersFolder, peersInstalled, VARIANTS } from './variants.mjs';

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
  BENCH_FIRST_MIDDLEWARES: undefined,
  BENCH_LAST_MIDDLEWARES: undefined,
};

/** The app of the bench with its content, and servers that run it in one variant each. */
export class World {
  #folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  #servers = new Map();
  #template;
  #folders = 0;

  static async open() {
    const world = new World();
    world.#template = await seeded();
    world.tokens = JSON.parse(readFileSync(path.join(world.#template, 'seed.json'), 'utf8')).tokens;
    return world;
  }

  /** The running server of a variant. */
  server(name) {
    const found = this.#servers.get(name);
    if (!found) throw new Error(`variant ${name} does not run`);
    return found.server;
  }

  /**
   * Starts a variant with its content as it was at first.
   * @param options.as the name that the server gets here, to run a variant twice
   * @param options.redis a Redis that is there already
   */
  async start(name, { as = name, redis } = {}) {
    const { bare, plugins, node, first, last, ...needs } = VARIANTS[name];
    if (bare) {
      const server = await Server.start('bare.mjs', [bare], { node, env: { ...FIXED } });
      this.#servers.set(as, { server, behind: [] });
      return;
    }
    const behind = [];
    if (needs.redis && !redis) behind.push((redis = await openRedis()));
    const database = needs.postgres ? await openPostgres() : null;
    if (database) behind.push(database);
    const folder = path.join(this.#folder, String(++this.#folders));
    cpSync(this.#template, folder, { recursive: true });
    const env = {
      ...(first && { BENCH_FIRST_MIDDLEWARES: first }),
      ...(last && { BENCH_LAST_MIDDLEWARES: last }),
      ...database?.env,
    };
    const server = await startApp(folder, plugins({ ...redis }), { node, env });
    this.#servers.set(as, { server, behind });
    if (database) await server.ask('seed');
  }

  async stop(name) {
    const { server, behind } = this.#servers.get(name);
    this.#servers.delete(name);
    await server.stop();
    await Promise.all(behind.map((it) => it.close()));
  }

  /** Starts what does not run of these variants, and stops all others, which would only be in the way. */
  async run(names) {
    for (const name of [...this.#servers.keys()]) if (!names.includes(name)) await this.stop(name);
    for (const name of names) if (!this.#servers.has(name)) await this.start(name);
  }

  async close() {
    await Promise.all([...this.#servers.keys()].map((name) => this.stop(name)));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const startApp = (folder, plugins, { node, env } = {}) =>
  Server.start('strapi.mjs', [], {
    node,
    env: {
      ...FIXED,
      ...CLEAN,
      DATABASE_FILENAME: path.join(folder, 'data.db'),
      PUBLIC_DIR: path.join(folder, 'public'),
      ENV_PATH: path.join(folder, '.env'),
      BENCH_PLUGINS: JSON.stringify(plugins),
      ...env,
    },
  });

/** A folder with the content that every variant gets a copy of. */
async function seeded() {
  const stamp = fingerprint(['bench/app', 'bench/servers/seed.mjs', 'package-lock.json']).slice(0, 16);
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

/** Installs the other caches and OpenTelemetry into `bench/peers`. */
export function installPeers() {
  if (peersInstalled()) return;
  console.log('Installing the other caches and OpenTelemetry into bench/peers ...');
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...flags, '--loglevel=error'], { cwd: peersFolder, stdio: 'inherit' });
}
