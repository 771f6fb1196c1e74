import type { Fills } from '../core/fills';
import type { Observer } from '../core/stats/observer';
import type { Store } from '../core/store';
import type { Variants } from '../core/variants';
import type { Planner } from '../strapi/plan';
import type { Principals } from '../strapi/principals';
import type { Codings } from './codings';
import type { Downstream } from './downstream';
import type { RateLimitGate } from './rate-limit';
import type { Refreshing } from './refreshing';
import type { Replies } from './reply';
import type { Trust } from './trust';

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
