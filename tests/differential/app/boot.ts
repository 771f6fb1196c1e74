import { createRequire } from 'node:module';
import path from 'node:path';
import { createStrapi, type Core } from '@strapi/strapi';
import { configureCache } from './configure';

interface Seeder {
  seed(strapi: Core.Strapi, options: { images: number; scale: number }): Promise<boolean>;
}

/** The playground as `strapi start` would run it, on a free port, seeded once. */
export async function boot(): Promise<Core.Strapi> {
  const appDir = process.cwd();
  const distDir = path.join(appDir, 'dist');
  configureCache(distDir);
  const strapi = await createStrapi({ appDir, distDir }).load();
  strapi.log.level = process.env.DIFFERENTIAL_LOG ?? 'warn';
  const { seed } = createRequire(path.join(distDir, 'index.js'))('./src/seed') as Seeder;
  await seed(strapi, { images: 6, scale: Number(process.env.DIFFERENTIAL_SCALE ?? '0.25') });
  strapi.server.mount();
  await new Promise<void>((resolve) => strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
  return strapi;
}
