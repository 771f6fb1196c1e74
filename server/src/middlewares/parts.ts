import type { Context, Next } from 'koa';
import type { Fills } from '../core/fills';
import type { RequestDirectives } from '../core/request-directives';
import type { Observer } from '../core/stats/observer';
import type { Store } from '../core/store';
import type { Variants } from '../core/variants';
import type { CachePlan, Planner } from '../strapi/plan';
import type { Principals } from '../strapi/principals';
import type { Codings } from './codings';
import type { Downstream } from './downstream';
import type { RateLimitGate } from './rate-limit';
import type { Refreshing, RefreshTicket } from './refreshing';
import type { Replies } from './reply';
import type { Trust } from './request-facts';
import type { Surroundings } from './surroundings';

/** What the caching middlewares are made of. */
export interface CachingParts {
  /** Whether this Strapi has all that the cache cannot do without. */
  readonly canCache: boolean;
  readonly store: Store;
  readonly fills: Fills;
  readonly planner: Planner;
  readonly principals: Principals;
  readonly replies: Replies;
  readonly gate: RateLimitGate | null;
  /** Null where entries are sent as they are stored. */
  readonly codings: Codings | null;
  readonly downstream: Downstream;
  readonly observer: Observer;
  readonly variants: Variants;
  readonly refreshing: Refreshing;
  /** Null where nobody's `Cache-Control` is obeyed. */
  readonly trust: Trust | null;
  /** Requests with one of these cookies go past the cache. */
  readonly bypassCookies: readonly string[];
  /** Drops what depends on a tag. */
  readonly invalidate: (tag: string) => void;
  /** Runs a write and waits until every instance will learn of what it dropped, or until the store has had its time. */
  readonly settled: (run: () => Promise<void>) => Promise<void>;
  /** Path of the content API with its slashes: `/api/`. */
  readonly apiPath: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Where a lookup stands: in the global stack, or inside of one route. */
export type Site =
  { readonly kind: 'edge'; readonly surroundings: Surroundings } | { readonly kind: 'route' };

/** One request on its way through the cache. */
export interface Visit {
  readonly ctx: Context;
  readonly next: Next;
  readonly plan: CachePlan;
  readonly site: Site;
  /** The credential that is part of the key; undefined for the public. */
  readonly authorization: string | undefined;
  /** `public`, a credential's keyed hash, or `role:` and the id of a role. */
  readonly principal: string;
  /** Keyed hash of the credential, where the response may be shared by its role. */
  readonly credential: string | null;
  /** What else is part of the key. */
  readonly context: string;
  readonly key: string;
  readonly now: number;
  /** What a caller asks for whose `Cache-Control` is obeyed. */
  readonly asked: RequestDirectives | null;
  /** The refresh that the request was made for. */
  readonly refresh: RefreshTicket | null;
  /** A reading of the observer's clock. */
  readonly begun: number;
}
