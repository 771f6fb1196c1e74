import type { Core } from '@strapi/strapi';
import type { Context, Middleware } from 'koa';

export interface TestRoute {
  readonly path: string;
  readonly handler: (ctx: Context) => unknown;
  readonly policies?: readonly unknown[];
  readonly middlewares?: readonly Middleware[];
  readonly method?: string;
  /** Only for callers with a credential. */
  readonly members?: boolean;
  /** As in a route's own configuration. */
  readonly auth?: object;
}

interface Apis {
  add(name: string, api: object): { load(): void };
}

/** Adds routes to the content API, open to everybody unless said otherwise. Call in `register`. */
export function addRoutes(strapi: Core.Strapi, name: string, routes: readonly TestRoute[]): void {
  const definition = {
    type: 'content-api',
    routes: routes.map(
      ({ path, handler, method = 'GET', members, auth, policies = [], middlewares = [] }) => ({
        method,
        path,
        handler,
        config: {
          ...(auth ? { auth } : !members && { auth: false }),
          policies: [...policies],
          middlewares: [...middlewares],
        },
      }),
    ),
  };
  (strapi.get('apis') as Apis).add(name, { routes: { [name]: definition } }).load();
}

/** Something from the database, so that an answer depends on something. */
export const readTags = (strapi: Core.Strapi): Promise<number> => strapi.db.query('api::tag.tag').count();
