import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Core } from '@strapi/strapi';
import type { Store } from '../core/store';
import { keyFor } from '../middlewares/request-facts';
import type { Planner } from '../strapi/plan';
import { PUBLIC, type Principals } from '../strapi/principals';

export interface Explanation {
  readonly url: string;
  /** `bypass` with the reason, or where the lookup happens. */
  readonly lookup: 'edge' | 'route' | 'bypass';
  readonly reason?: string;
  readonly route?: string;
  readonly handler?: string | null;
  readonly key?: string;
  /** `hit`, or why there is nothing to serve. */
  readonly state?: string;
  readonly entry?: {
    readonly age: number;
    readonly ttl: number;
    readonly bytes: number;
    readonly cost: number;
    /** What the response depends on. */
    readonly tags: readonly string[];
  };
}

/** Says what the cache would do with a GET of a URL, and what the stored response depends on. */
export class Explainer {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly planner: Planner,
    private readonly principals: Principals,
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /**
   * @param url path and query, as a client would send them: `/api/articles?populate=*`
   * @param authorization value of the `Authorization` header; without it the public is explained
   */
  async explain(url: string, authorization?: string): Promise<Explanation> {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.url = url;
    const ctx = this.strapi.server.app.createContext(request, new ServerResponse(request));
    const plan = this.planner.plan(ctx as unknown as Parameters<Planner['plan']>[0]);
    if (plan.kind === 'bypass') return { url, lookup: 'bypass', reason: plan.reason };
    const about = { url, lookup: plan.lookup, route: plan.route.template, handler: plan.route.handler };
    // inside of a route the key holds what policies and authentication leave in the request: unknown from outside
    if (plan.lookup === 'route') return { ...about, reason: this.planner.reasonOf(plan) };
    const principal = authorization === undefined ? PUBLIC : this.principals.ofCredential(authorization);
    const key = keyFor({}, plan, principal, '');
    const now = this.now();
    const found = await this.store.get(key, now);
    if (typeof found === 'string') return { ...about, key, state: found };
    const entry = {
      age: Math.floor((now - found.storedAt) / 1000),
      ttl: Math.floor((found.freshUntil - now) / 1000),
      bytes: found.body.byteLength,
      cost: found.cost,
      tags: found.tags,
    };
    return { ...about, key, state: 'hit', entry };
  }
}
