/** What the test and the two Strapi processes say to each other. */
import type { Arrangement } from './app/arrange';

export type CallerName = 'anonymous' | 'readOnly' | 'custom' | 'fullAccess' | 'reader1' | 'reader2';

export interface ReadRequest {
  /** Path and query. */
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly caller: CallerName;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A write by its kind; what exactly it writes follows from its seed and what the database holds then. */
export interface WriteOperation {
  readonly kind: string;
  readonly seed: number;
}

export interface WriteResult {
  /** What was written, for people. */
  readonly said: string;
  readonly error: string | null;
}

export interface AttributeInfo {
  readonly name: string;
  readonly type: string;
  readonly target?: string;
  readonly relation?: string;
  readonly component?: string;
  readonly components?: readonly string[];
  readonly repeatable?: boolean;
  readonly enum?: readonly string[];
}

export interface TypeInfo {
  readonly uid: string;
  /** Below `/api`, or null for a type without routes. */
  readonly path: string | null;
  readonly single: boolean;
  readonly localized: boolean;
  readonly draftAndPublish: boolean;
  readonly attributes: readonly AttributeInfo[];
}

export interface Catalog {
  readonly types: readonly TypeInfo[];
  readonly components: readonly TypeInfo[];
  readonly rows: Readonly<Record<string, readonly CatalogRow[]>>;
}

export interface CatalogRow {
  readonly id: number;
  readonly documentId: string;
  readonly slug?: string;
}

/** Why the cache did what it did with one URL, as the cached process saw it. */
export interface Explanation {
  readonly tags: readonly string[];
  /** Of those, the ones that were purged since the entry was made, with what purged them. */
  readonly fallen: readonly { readonly tag: string; readonly cause: string; readonly write: number }[];
  /** The purges of the writes since, in short. */
  readonly purges: readonly {
    readonly write: number;
    readonly cause: string;
    readonly tags: readonly string[];
  }[];
}

export interface Requests {
  catalog: { ask: undefined; answer: Catalog };
  write: { ask: { operation: WriteOperation; number: number }; answer: WriteResult };
  explain: { ask: { url: string; caller: CallerName; since: number }; answer: Explanation | null };
  authorize: { ask: CallerName; answer: string | null };
  /** Waits for the purges that are under way, so many milliseconds at most; answers how many are undelivered. */
  delivered: { ask: number; answer: number };
  /** Has the rows of every table lie in another order; false where there is no such order. */
  arrange: { ask: Arrangement; answer: boolean };
  /** Drops everything that is cached. */
  forget: { ask: undefined; answer: null };
  stop: { ask: undefined; answer: null };
}

export type RequestName = keyof Requests;
