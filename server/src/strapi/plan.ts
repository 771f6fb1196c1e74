import { LRUCache } from 'lru-cache';
import type { Context } from 'koa';
import type { ResolvedConfig } from '../config/schema';
import { TRACKING_PARAMETERS } from '../config/schema';
import type { DownstreamOptions } from '../core/downstream';
import { canonicalQuery } from '../core/canonical-query';
import { namePattern } from '../core/name-pattern';
import type { RouteInfo, RouteTable } from './route-table';
import { PLUGIN_ID } from '../plugin-id';
import { ruleFinder } from './rules';

/** What is to be done with requests for one URL, whoever asks. */
export type Plan = BypassPlan | CachePlan;

export interface BypassPlan {
  readonly kind: 'bypass';
  readonly reason: string;
  readonly route?: RouteInfo;
}

export interface CachePlan {
  readonly kind: 'cache';
  readonly route: RouteInfo;
  readonly path: string;
  /** The build that this plan belongs to: part of the key. */
  readonly stamp: string;
  readonly query: string;
  readonly label: string;
  /** Where the lookup happens: at the placement of the middleware, or inside of the route. */
  readonly lookup: 'edge' | 'route';
  /** How long a response may be kept where it does not say so itself. */
  readonly lifetimes: Lifetimes;
  /** Whether a purge of content makes a response stale instead of removing it. */
  readonly softPurge: boolean;
  /** Request headers that are part of the key, lower case, sorted. */
  readonly keyedHeaders: readonly string[];
  /** Request headers that the key of a response covers, for its `Vary`. */
  readonly vary: readonly string[];
  /** Whose responses are told apart: see the option of rules. */
  readonly callers: 'each' | 'role' | 'public' | 'none';
  /** What caches downstream are told of public responses; null for nothing. */
  readonly downstream: DownstreamOptions | null;
  /** Keys by principal, for requests that have nothing special. */
  readonly keys: Map<string, string>;
}

/** All in milliseconds. */
export interface Lifetimes {
  readonly ttl: number;
  /** By status, for those that are stored because the configuration says so. */
  readonly statusTtl: Readonly<Record<string, number | undefined>>;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
}

/**
 * Request headers that Strapi's own controllers answer differently to
 * (`@strapi/core/dist/core-api/controller/index.js`, `transformResponse`).
 */
const STRAPI_HEADERS = ['strapi-encode-source-maps', 'strapi-response-format'];

const SECRET_NAME = /token|secret|passw|signature|api[-_]?key|^code$/i;

/** Plans are remembered by URL, so that parsing, routing and rules cost a repeated request one map look-up. */
export class Planner {
  private readonly remembered = new LRUCache<string, Plan>({
    maxSize: 8 * 1024 * 1024,
    sizeCalculation: (plan, url) =>
      1024 + url.length * 2 + (plan.kind === 'cache' ? plan.query.length * 2 : 0),
  });
  private readonly findRule: ReturnType<typeof ruleFinder>;
  private readonly ignored: (name: string) => boolean;
  private readonly foreseen: ((name: string) => boolean) | null;
  private readonly downstream: DownstreamOptions;

  constructor(
    private readonly config: ResolvedConfig,
    private readonly routes: RouteTable,
    private readonly app: { readonly strictParams: boolean; readonly stamp: string },
  ) {
    this.findRule = ruleFinder(config.rules);
    const { browser, cdn } = config.downstream;
    this.downstream = { browser, cdn };
    // With api.rest.strictParams an unknown parameter is an error, and an error must not be answered with a page.
    this.ignored = namePattern(config.query.ignore ?? (app.strictParams ? [] : TRACKING_PARAMETERS));
    this.foreseen = config.query.only ? namePattern(config.query.only) : null;
  }

  /** The plan for the URL of a GET or HEAD request below the API prefix. */
  plan(ctx: Context): Plan {
    const url = ctx.req.url ?? '';
    const known = this.remembered.get(url);
    if (known) return known;
    if (url.length > this.config.query.maxUrlLength) return { kind: 'bypass', reason: 'url-too-long' };
    const plan = this.make(ctx);
    this.remembered.set(url, plan);
    return plan;
  }

  /** The plan for a URL that was asked for before. */
  known(url: string): Plan | undefined {
    return this.remembered.get(url);
  }

  /** The plan by what the request says now, for a lookup inside of a route whose policies may have changed it. */
  make(ctx: Context): Plan {
    const route = this.routes.find(ctx.path);
    if (typeof route === 'string') return { kind: 'bypass', reason: route };
    // its own numbers are not content, and asking for them must not change them
    if (route.controller?.startsWith(`plugin::${PLUGIN_ID}.`)) return { kind: 'bypass', reason: 'own-route' };
    const rule = this.findRule(ctx.path, route);
    if (rule?.cache === false) return { kind: 'bypass', reason: 'rule', route };
    const { foreseen } = this;
    if (foreseen && Object.keys(ctx.query).some((name) => !this.ignored(name) && !foreseen(name)))
      return { kind: 'bypass', reason: 'query', route };
    return {
      kind: 'cache',
      route,
      path: ctx.path,
      stamp: this.app.stamp,
      query: canonicalQuery(ctx.query, this.ignored),
      label: this.label(ctx),
      lookup: route.inside && rule?.lookup !== 'edge' ? 'route' : 'edge',
      lifetimes: {
        ttl: rule?.ttl ?? this.config.ttl,
        statusTtl: { ...this.config.statusTtl, ...rule?.statusTtl },
        staleWhileRevalidate: rule?.staleWhileRevalidate ?? this.config.staleWhileRevalidate,
        staleIfError: rule?.staleIfError ?? this.config.staleIfError,
      },
      softPurge: rule?.softPurge ?? false,
      keyedHeaders: [...new Set([...STRAPI_HEADERS, ...(rule?.keyedHeaders ?? [])])].sort(),
      vary: [...(rule?.callers === 'public' ? [] : ['Authorization']), ...(rule?.keyedHeaders ?? [])],
      callers: rule?.callers ?? 'each',
      downstream: rule?.downstream === false ? null : { ...this.downstream, ...rule?.downstream },
      keys: new Map(),
    };
  }

  /** For people: the URL without ignored parameters, values of secret-looking names left out. */
  private label(ctx: Context): string {
    const shown = ctx.querystring
      .split('&')
      .filter((pair) => pair && !this.ignored(decode(pair.split(/[=[]/, 1)[0] ?? '')))
      .map((pair) => {
        const [name = ''] = pair.split('=', 1);
        return SECRET_NAME.test(decode(name)) ? `${name}=***` : pair;
      })
      .join('&');
    return (shown ? `${ctx.path}?${shown}` : ctx.path).slice(0, 512);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
