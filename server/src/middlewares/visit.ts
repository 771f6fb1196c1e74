import type { Context, Next } from 'koa';
import type { RequestDirectives } from '../core/request-directives';
import type { CachePlan } from '../strapi/plan';
import type { RefreshTicket } from './refreshing';
import type { RawHits, Surroundings } from './surroundings';

/** Where a lookup stands: in the global stack, or inside of one route. */
export type Site =
  | { readonly kind: 'edge'; readonly raw: RawHits | null; readonly surroundings: Surroundings }
  | { readonly kind: 'route' };

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
