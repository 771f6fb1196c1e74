import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import type { Runtime } from './services/runtime';
import { findRuntime } from './services/runtimes';
import { OWN } from './strapi/stack';

const pass: Middleware = (_ctx, next) => next();

const of =
  (make: (runtime: Runtime) => Middleware | undefined) =>
  (_config: unknown, { strapi }: { strapi: Core.Strapi }): Middleware => {
    const runtime = findRuntime(strapi);
    return (runtime && make(runtime)) ?? pass;
  };

/** The middlewares that the plugin puts into `config.middlewares` (`strapi/stack.ts`). */
export default {
  [OWN.limits]: of(({ limiting }) => limiting?.gate.outer),
  [OWN.refusal]: of(({ limiting }) => limiting?.gate.inner()),
  [OWN.purges]: of(({ awaitPurges }) => awaitPurges),
  [OWN.lookup]: of(({ stack }) => stack.install()),
};
