import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import type { PurgeRequest } from '../contracts';
import { readOverview } from '../services/admin-fleet';
import type { Runtime } from '../services/runtime';
import { asRequested, overviewQuery, parse, runningRuntime } from './input';

/** Answers pipelines: API tokens with the scope of a route, once `api.enabled` is set. */
export default ({ strapi }: { strapi: Core.Strapi }) => {
  const enabled = (ctx: Context): Runtime => {
    // scopes can be given to the roles of visitors as well; these routes are for pipelines
    const { auth } = ctx.state as { auth?: { strategy?: { name?: string } } };
    if (auth?.strategy?.name !== 'content-api-token')
      // Strapi takes the text away from any other 403 that is thrown inside of a route
      throw new errors.PolicyError('This route answers to API tokens only');
    const runtime = runningRuntime(strapi);
    if (runtime.config.api.enabled) return runtime;
    throw new errors.NotFoundError(
      'The API of upstash-cache is off. To switch it on, set api: { enabled: true } in its configuration',
    );
  };
  const reply = (ctx: Context, data: unknown): void => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { data };
  };

  return {
    async purge(ctx: Context): Promise<void> {
      const { purging } = enabled(ctx);
      const body = (ctx.request as { body?: PurgeRequest }).body ?? {};
      reply(ctx, await asRequested(() => purging.purge(body)));
    },

    async stats(ctx: Context): Promise<void> {
      const runtime = enabled(ctx);
      reply(ctx, await readOverview(runtime, parse(overviewQuery, ctx.query), Date.now()));
    },
  };
};
