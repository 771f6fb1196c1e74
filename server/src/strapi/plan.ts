import { LRUCache } from 'lru-cache';
import type { Context } from 'koa';
import type { ResolvedConfig, Rule } from '../config/schema';
import { TRACKING_PARAMETERS } from '../config/schema';
import { canonicalQuery, namePattern } from '../core/canonical-query';
import type { RouteInfo, RouteTable } from './route-table';
import { PLUGIN_ID } from '../plugin-id';
import { Labels } from './labels';
import { ruleFinder, treatments, type Treatment } from './treatment';

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
  readonly treatment: Treatment;
  /** Keys by principal, for requests that have nothing special. */
  readonly keys: KeyMemo;
}

/** Bytes for plans at least, and bytes of one beside its texts. */
const LEAST_MEMORY = 8 * 1024 * 1024;
const OBJECTS = 400;

/** Plans are remembered by URL, so that parsing, routing and rules cost a repeated request one map look-up. */
export class Planner {
  private readonly remembered: LRUCache<string, Plan>;
  private readonly findRule: ReturnType<typeof ruleFinder>;
  private readonly ignored: (name: string) => boolean;
  private readonly labels: Labels;
  private readonly foreseen: ((name: string) => boolean) | null;
  private inRoutes: string | null = null;
  private readonly treatmentBy: (rule: Rule | null) => Treatment;

  constructor(
    private readonly config: ResolvedConfig,
    private readonly routes: RouteTable,
    private readonly app: { readonly strictParams: boolean; readonly stamp: string },
  ) {
    this.remembered = new LRUCache({
      maxSize: Math.max(LEAST_MEMORY, Math.floor(config.memory.maxSize / 8)),
      sizeCalculation: (plan, url) =>
        OBJECTS + url.length * 2 + (plan.kind === 'cache' ? plan.query.length * 2 : 0),
    });
    this.findRule = ruleFinder(config.rules);
    this.treatmentBy = treatments(config);
    // With api.rest.strictParams an unknown parameter is an error, and an error must not be answered with a page.
    this.ignored = namePattern(config.query.ignore ?? (app.strictParams ? [] : TRACKING_PARAMETERS));
    this.labels = new Labels(this.ignored);
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

  /** Has every lookup happen inside of its route from now on, for a reason that people are told. */
  lookUpInRoutes(reason: string): void {
    this.inRoutes = reason;
    this.remembered.clear();
  }

  /** Why a lookup happens inside of its route. */
  reasonOf({ route }: CachePlan): string {
    return route.impure ?? this.inRoutes ?? 'lookup option';
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
      label: this.labels.of(ctx),
      lookup: this.inRoutes !== null || route.impure !== null || rule?.lookup === 'route' ? 'route' : 'edge',
      treatment: this.treatmentBy(rule),
      keys: new KeyMemo(),
    };
  }
}

/** Keys by principal. Most URLs are asked for by one principal only, the public: it costs no map. */
export class KeyMemo {
  private principal: string | null = null;
  private key = '';
  private others: Map<string, string> | null = null;

  get(principal: string): string | undefined {
    return this.principal === principal ? this.key : this.others?.get(principal);
  }

  /** Remembers a key, unless there are too many. */
  add(principal: string, key: string): void {
    if (this.principal === null || this.principal === principal) {
      this.principal = principal;
      this.key = key;
      return;
    }
    this.others ??= new Map();
    if (this.others.size < MOST_OTHERS) this.others.set(principal, key);
  }
}

const MOST_OTHERS = 7;
