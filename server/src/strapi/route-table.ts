import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import { LRUCache } from 'lru-cache';

/** A route of the content API as the cache sees it. */
export interface RouteInfo {
  /** `/api/articles/:id` */
  readonly template: string;
  /** `api::article.article.findOne`, or null for a function. */
  readonly handler: string | null;
  /** `api::article.article`: the controller, which for core routes is the content type. */
  readonly controller: string | null;
  /** Why the answer may depend on more than path, query and caller; null for a pure route. */
  readonly impure: string | null;
}

/** A route, or why there is none to speak of. */
type Found = RouteInfo | 'no-route' | 'unknown-route';

interface RouteDefinition {
  method: string;
  path: string;
  handler: unknown;
  config?: {
    prefix?: string;
    auth?: false | { scope?: string[] };
    policies?: unknown[];
    middlewares?: unknown[];
  };
}

interface RouterDefinition {
  type?: string;
  prefix?: string;
  routes: RouteDefinition[];
}

/** What `strapi.server.router` has beyond its public type. */
interface RouterLayer {
  readonly path: string | RegExp;
  readonly methods: readonly string[];
  readonly stack: readonly { name?: string }[];
}

/** Layers of the router that Strapi installs itself and that treat every visitor alike. */
const HARMLESS_LAYERS = new Set(['allowedMethods', 'passportInitialize']);

/** Serves files of the public folder and steps aside for everything else (`@strapi/core/dist/middlewares/public.js`). */
const PUBLIC_FILES = '/((?!uploads/).+)';

/** Every lookup that was ever mounted: a Strapi that was stopped leaves its own in modules that the next one shares. */
const mounts = new WeakSet<object>();

type RouterInput = RouterDefinition | ((params: { strapi: Core.Strapi }) => RouterDefinition);

/**
 * Knows every content API route by its definition, finds the one that Strapi's router will run, and mounts the
 * lookup inside of them, for those that have policies or middlewares of their own.
 */
export class RouteTable {
  private readonly byPath = new Map<string, RouteInfo>();
  /** What `find` said of a path while the router had so many layers: to ask it is a match of every route's pattern. */
  private readonly found = new LRUCache<string, Found>({ max: 2000 });
  private layers = 0;
  readonly counts = { pure: 0, impure: 0 };

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly prefix: string,
  ) {}

  /** Paths of all routes, as they were defined: `/api/articles/:id`. */
  get templates(): Iterable<string> {
    return this.byPath.keys();
  }

  /**
   * Reads all definitions. Call after every `register` and before Strapi composes the routes.
   * @param mount takes the innermost place of every GET route, after authentication, policies and middlewares: a
   *   middleware on the router, which may come as late as bootstrap, makes a pure route one to be looked up there
   */
  read(mount: Middleware): void {
    for (const [name, api] of Object.entries(
      this.strapi.apis as Record<string, { routes: Record<string, RouterInput> }>,
    ))
      for (const router of this.instantiate(api.routes)) this.readRouter(router, `api::${name}`, '', mount);
    for (const [name, plugin] of Object.entries(this.strapi.plugins as Record<string, { routes: unknown }>)) {
      if (Array.isArray(plugin.routes) || !plugin.routes) continue;
      for (const router of this.instantiate(plugin.routes as Record<string, RouterInput>))
        if (router.type === 'content-api') this.readRouter(router, `plugin::${name}`, `/${name}`, mount);
    }
  }

  /**
   * The route that a GET of this path runs, or why it cannot be told. The router runs matching layers in order, and a
   * Strapi route ends the chain: what stands behind it never runs, what stands before it must be known to be harmless.
   */
  find(path: string): Found {
    if (typeof this.strapi.server.router.match !== 'function') return 'unknown-route';
    const { length } = this.strapi.server.router.stack;
    if (length !== this.layers) {
      this.layers = length;
      this.found.clear();
    }
    const known = this.found.get(path);
    if (known !== undefined) return known;
    const found = this.search(path);
    this.found.set(path, found);
    return found;
  }

  private search(path: string): Found {
    const layers = this.strapi.server.router.match(path, 'GET').pathAndMethod as unknown as RouterLayer[];
    let custom = false;
    for (const layer of layers) {
      const name = layer.stack[0]?.name ?? '';
      if (layer.methods.length === 0) {
        custom ||= !HARMLESS_LAYERS.has(name);
        continue;
      }
      const route = this.byPath.get(String(layer.path));
      if (route) return custom ? { ...route, impure: 'a middleware on the router' } : route;
      if (String(layer.path) !== PUBLIC_FILES) return 'unknown-route';
    }
    return 'no-route';
  }

  private readRouter(
    router: RouterDefinition,
    namespace: string,
    ownPrefix: string,
    mount: Middleware,
  ): void {
    mounts.add(mount);
    for (const route of router.routes ?? []) {
      if (!['GET', 'ALL'].includes(route.method.trim().toUpperCase())) continue;
      const prefix = route.config?.prefix !== undefined ? route.config.prefix : (router.prefix ?? ownPrefix);
      const template = `${this.prefix}${prefix}${route.path.trim()}`;
      const middlewares = (route.config?.middlewares ?? []).filter((it) => !mounts.has(Object(it) as object));
      route.config = { ...route.config, middlewares };
      const info = describe(route, namespace, template);
      // the router runs the first of two routes with one path
      if (!this.byPath.has(template)) this.byPath.set(template, info);
      this.counts[info.impure ? 'impure' : 'pure']++;
      middlewares.push(mount);
    }
  }

  /** Router factories are run in place, as Strapi itself does a moment later (register-routes.js). */
  private instantiate(routers: Record<string, RouterInput>): RouterDefinition[] {
    return Object.entries(routers).map(([name, input]) => {
      const router = typeof input === 'function' ? input({ strapi: this.strapi }) : input;
      routers[name] = router;
      return router;
    });
  }
}

function describe(route: RouteDefinition, namespace: string, template: string): RouteInfo {
  const named = typeof route.handler === 'string' ? route.handler.trim() : null;
  const handler = named === null ? null : named.includes('::') ? named : `${namespace}.${named}`;
  const policies = route.config?.policies?.length ?? 0;
  const middlewares = route.config?.middlewares?.length ?? 0;
  const impure = policies ? 'policies' : middlewares ? 'route middlewares' : null;
  const controller = handler?.slice(0, handler.lastIndexOf('.')) ?? null;
  return { template, handler, controller, impure };
}
