import path from 'node:path';
import { createStrapi } from '@strapi/strapi';
import { seed } from './index';

const distDir = path.resolve(__dirname, '..', '..');

const main = async (): Promise<void> => {
  const strapi = await createStrapi({ appDir: path.dirname(distDir), distDir }).load();
  const created = await seed(strapi);
  console.log(created ? 'The site is seeded.' : 'The site has been seeded before; nothing to do.');
  await strapi.destroy();
  process.exit(0);
};

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
