import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import { REFUSAL } from './services/limiting';
import { findRuntime } from './services/runtimes';

/** Middlewares that `config/middlewares` can name: the plugin puts its own there (`services/limiting.ts`). */
export default {
  [REFUSAL]: (_config: unknown, { strapi }: { strapi: Core.Strapi }): Middleware =>
    findRuntime(strapi)?.limiting?.gate.inner() ?? ((_ctx, next) => next()),
};
