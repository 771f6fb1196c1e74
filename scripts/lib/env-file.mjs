import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as util from 'node:util';
import { playground } from './paths.mjs';
import { state } from './state.mjs';
import { line } from './steps.mjs';

const file = path.join(playground, '.env');

const secret = () => randomBytes(32).toString('base64');

export const createEnvFile = () => {
  if (existsSync(file)) return;
  const entries = {
    APP_KEYS: [secret(), secret()].join(','),
    API_TOKEN_SALT: secret(),
    ADMIN_JWT_SECRET: secret(),
    TRANSFER_TOKEN_SALT: secret(),
    ENCRYPTION_KEY: secret(),
    JWT_SECRET: secret(),
    DATABASE_CLIENT: 'sqlite',
    DATABASE_FILENAME: '.tmp/data.db',
  };
  const lines = Object.entries(entries).map(([name, value]) => `${name}=${value}`);
  const heading = '# Made by `npm run playground`. See .env.example for what else can stand here.';
  writeFileSync(file, `${[heading, ...lines].join('\n')}\n`, { mode: 0o600 });
  // API tokens are hashed with a secret of this file, so the seed has to renew them.
  state.set('seed', null);
  line('✓ Wrote playground/.env with new random secrets');
};

/** What the site will be told by its environment; like Strapi, the process wins over the file. */
export const readSettings = ({ port }) => {
  const fromFile = existsSync(file) ? util.parseEnv(readFileSync(file, 'utf8')) : {};
  const env = (name, fallback) => process.env[name] || fromFile[name] || fallback;
  const postgres = {
    client: 'postgres',
    host: env('DATABASE_HOST', '127.0.0.1'),
    port: Number(env('DATABASE_PORT', '5432')),
    database: env('DATABASE_NAME', 'playground'),
    user: env('DATABASE_USERNAME', 'playground'),
    password: env('DATABASE_PASSWORD', ''),
    ssl: env('DATABASE_SSL', 'false') === 'true',
  };
  const sqlite = {
    client: 'sqlite',
    filename: path.resolve(playground, env('DATABASE_FILENAME', '.tmp/data.db')),
  };
  return {
    port: port ?? Number(env('PORT', '1337')),
    database: env('DATABASE_CLIENT', 'sqlite') === 'postgres' ? postgres : sqlite,
  };
};
