import { channel } from 'node:diagnostics_channel';
import type { Middleware } from 'koa';
import config, { resolveConfig } from './config';
import admin from './controllers/admin';
import api from './controllers/api';
import { registerActions } from './permissions';
import { PLUGIN_ID } from './plugin-id';
import routes from './routes';
import services, { type Plugin } from './services';
import { Runtime } from './services/runtime';
import { findRuntime, setRuntime } from './services/runtimes';
import { OWN } from './strapi/stack';

export type { UpstashCacheConfig } from './config/schema';
export type { CacheOptions, CacheService, LimitsService, StatsService } from './services';
export type { Explanation } from './services/explain';
export type { PurgeRequest, PurgeResult } from './services/purging';

const pass: Middleware = (_ctx, next) => next();

const of =
  (make: (runtime: Runtime) => Middleware | undefined) =>
  (_config: unknown, { strapi }: Plugin): Middleware => {
    const runtime = findRuntime(strapi);
    return (runtime && make(runtime)) ?? pass;
  };

export default {
  register({ strapi }: Plugin): void {
    const options = resolveConfig(strapi.config.get(`plugin::${PLUGIN_ID}`, {}));
    if (!options.enabled) {
      strapi.log.info('[upstash-cache] switched off by the option "enabled"');
      return;
    }
    const runtime = new Runtime(strapi, options);
    setRuntime(strapi, runtime);
    runtime.register();
    channel('upstash-cache.runtime').publish(runtime); // for tests and debuggers; nobody listens in production
  },

  async bootstrap({ strapi }: Plugin): Promise<void> {
    await registerActions(strapi);
    await findRuntime(strapi)?.bootstrap();
  },

  destroy: async ({ strapi }: Plugin): Promise<void> => findRuntime(strapi)?.destroy(),

  config,
  controllers: { admin, api },
  routes,
  services,

  /** The middlewares that the plugin puts into `config.middlewares` (`strapi/stack.ts`). */
  middlewares: {
    [OWN.limits]: of(({ limiting }) => limiting?.gate.outer),
    [OWN.refusal]: of(({ limiting }) => limiting?.gate.inner()),
    [OWN.purges]: of(({ awaitPurges }) => awaitPurges),
    [OWN.lookup]: of(({ stack }) => stack.install()),
  },
};
