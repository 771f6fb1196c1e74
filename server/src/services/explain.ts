import { keyFor } from '../middlewares/request-facts';
import { requestOfNobody } from '../middlewares/surroundings';
import { PUBLIC } from '../strapi/principals';
import type { Runtime } from './runtime';

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

/**
 * Says what the cache would do with a GET of a URL, and what the stored response depends on.
 * @param url path and query, as a client would send them: `/api/articles?populate=*`
 * @param authorization value of the `Authorization` header; without it the public is explained
 */
export async function explain(
  { strapi, planner, principals, store }: Runtime,
  url: string,
  authorization?: string,
): Promise<Explanation> {
  const plan = planner.plan(requestOfNobody(strapi, url));
  if (plan.kind === 'bypass') return { url, lookup: 'bypass', reason: plan.reason };
  const about = { url, lookup: plan.lookup, route: plan.route.template, handler: plan.route.handler };
  // inside of a route the key holds what policies and authentication leave in the request: unknown from outside
  if (plan.lookup === 'route') return { ...about, reason: planner.reasonOf(plan) };
  const principal = authorization === undefined ? PUBLIC : principals.ofCredential(authorization);
  const key = keyFor({}, plan, principal, '');
  const now = Date.now();
  const found = await store.get(key, now);
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
