import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/strapi';

type Env = Core.Config.Shared.ConfigParams['env'];

const appDir = path.resolve(__dirname, '..', '..');

const sqlite = (env: Env): Core.Config.Database<'sqlite'> => {
  const filename = path.resolve(appDir, env('DATABASE_FILENAME') || '.tmp/data.db');
  mkdirSync(path.dirname(filename), { recursive: true });
  return { connection: { client: 'sqlite', connection: { filename }, useNullAsDefault: true } };
};

const postgres = (env: Env): Core.Config.Database<'postgres'> => ({
  connection: {
    client: 'postgres',
    connection: {
      host: env('DATABASE_HOST', '127.0.0.1'),
      port: env.int('DATABASE_PORT', 5432),
      database: env('DATABASE_NAME', 'playground'),
      user: env('DATABASE_USERNAME', 'playground'),
      password: env('DATABASE_PASSWORD', ''),
      ssl: env.bool('DATABASE_SSL', false),
    },
    pool: { min: env.int('DATABASE_POOL_MIN', 2), max: env.int('DATABASE_POOL_MAX', 10) },
  },
});

/** MySQL and MariaDB. */
const mysql = (env: Env): Core.Config.Database<'mysql'> => ({
  connection: {
    client: 'mysql',
    connection: {
      host: env('DATABASE_HOST', '127.0.0.1'),
      port: env.int('DATABASE_PORT', 3306),
      database: env('DATABASE_NAME', 'playground'),
      user: env('DATABASE_USERNAME', 'playground'),
      password: env('DATABASE_PASSWORD', ''),
      ssl: env.bool('DATABASE_SSL', false),
    },
    pool: { min: env.int('DATABASE_POOL_MIN', 2), max: env.int('DATABASE_POOL_MAX', 10) },
  },
});

const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Database => {
  const client = env('DATABASE_CLIENT') || 'sqlite';
  if (client === 'sqlite') return sqlite(env);
  if (client === 'postgres') return postgres(env);
  if (client === 'mysql') return mysql(env);
  throw new Error(`DATABASE_CLIENT is "${client}"; this app knows "sqlite", "postgres" and "mysql".`);
};

export default config;
