import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import type { PurgeRequest } from '../contracts';
import { summarise } from '../core/stats/summary';
import type { Runtime } from '../services/runtime';
import { asRequested, overviewQuery, parse, runningRuntime } from './input';

/** Answers pipelines: API tokens with the scope of a route, once `api.enabled` is set. */
export default ({ strapi }: { strapi: Core.Strapi }) => {
  const enabled = (ctx: Context): Runtime => {
    // scopes can be given to the roles of visitors as well; these routes are for pipelines
    const { auth } = ctx.state as { auth?: { strategy?: { name?: string } } };
    if (auth?.strategy?.name !== 'content-api-token')
      throw new errors.ForbiddenError('This route answers to API tokens only');
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

    stats(ctx: Context): void {
      const { period } = parse(overviewQuery, ctx.query);
      const { stats, store } = enabled(ctx);
      const now = Date.now();
      reply(ctx, {
        stats: summarise(stats.read(now), period, now),
        store: store.stats(),
        health: store.health?.() ?? null,
      });
    },
  };
};
