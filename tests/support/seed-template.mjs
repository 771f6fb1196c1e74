// Seeds a small playground once: node tests/support/seed-template.mjs <folder>
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.resolve(process.argv[2]);
mkdirSync(path.join(folder, 'public/uploads'), { recursive: true });
Object.assign(process.env, {
  NODE_ENV: 'test',
  STRAPI_TELEMETRY_DISABLED: 'true',
  PLAYGROUND_CACHE: 'off',
  ENV_PATH: path.join(folder, '.env'),
  DATABASE_CLIENT: 'sqlite',
  DATABASE_FILENAME: path.join(folder, 'data.db'),
  PUBLIC_DIR: path.join(folder, 'public'),
});

const appDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../playground');
const distDir = path.join(appDir, 'dist');
const require = createRequire(import.meta.url);
const strapi = await require('@strapi/strapi').createStrapi({ appDir, distDir }).load();
await require(path.join(distDir, 'src/seed/index.js')).seed(strapi, { images: 2, scale: 0.3 });
await strapi.destroy();
writeFileSync(path.join(folder, 'complete'), '');
process.exit(0);
