import type { Core } from '@strapi/strapi';
import { findRuntime } from './services/runtimes';

export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  await findRuntime(strapi)?.destroy();
};
