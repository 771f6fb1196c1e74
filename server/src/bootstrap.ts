import type { Core } from '@strapi/strapi';
import { registerActions } from './permissions';
import { findRuntime } from './services/runtimes';

export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  await registerActions(strapi);
  await findRuntime(strapi)?.bootstrap();
};
