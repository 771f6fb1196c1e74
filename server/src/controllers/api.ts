import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import type { Plugin } from '../services';
import { readOverview } from '../services/admin-fleet';
import type { Runtime } from '../services/runtime';
import { answering, asRequested, bodyOf, overviewQuery, parse } from './input';

/** Scopes can be given to the roles of visitors as well; these routes are for pipelines. */
function assertToken({ state }: Context): void {
  const { auth } = state as { auth?: { strategy?: { name?: string } } };
  if (auth?.strategy?.name !== 'content-api-token')
    // Strapi takes the text away from any other 403 that is thrown inside of a route
    throw new errors.PolicyError('This route answers to API tokens only');
}

function enabled(runtime: Runtime): Runtime {
  if (runtime.config.api.enabled) return runtime;
  throw new errors.NotFoundError(
    'The API of upstash-cache is off. To switch it on, set api: { enabled: true } in its configuration',
  );
}

/** Answers pipelines: API tokens with the scope of a route, once `api.enabled` is set. */
export default ({ strapi }: Plugin) => {
  const answer = answering(strapi, assertToken);
  return {
    purge: answer((runtime, ctx) => asRequested(() => enabled(runtime).purging.purge(bodyOf(ctx)))),

    stats: answer((runtime, { query }) =>
      readOverview(enabled(runtime), parse(overviewQuery, query), Date.now()),
    ),
  };
};
