import type { Fills } from '../core/fills';
import type { Observer } from '../core/stats/observer';
import type { Store } from '../core/store';
import type { Planner } from '../strapi/plan';
import type { Principals } from '../strapi/principals';
import type { Codings } from './codings';
import type { Downstream } from './downstream';
import type { RateLimitGate } from './rate-limit';
import type { Replies } from './reply';

/** What the caching middlewares are made of. */
export interface CachingParts {
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
  readonly maxEntryBytes: number;
  /** Path of the content API with its slashes: `/api/`. */
  readonly apiPath: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
