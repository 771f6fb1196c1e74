import type { Core } from '@strapi/strapi';
import type { Store } from '../../core/store';
import { PERMISSION } from '../access-types';
import { asTracker, type QueryParams, type ReadAction } from '../orm';
import { currentScope, ReadScope, runInScope } from '../read-scope';

/** How authentication asks (`users-permissions/dist/server/services/permission.js`, `findPublicPermissions`). */
const QUESTION = JSON.stringify({ where: { role: { type: 'public' } } });
/** Milliseconds. Writes of this application end it at once; this is for those that nobody here can see. */
const LONGEST = 60_000;

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Remembered {
  readonly rows: Rows;
  readonly until: number;
  /** What decides whether the rows still hold, as with an entry. */
  readonly stamped: { readonly tags: readonly string[]; readonly seq: number; checked: number };
}

interface Parts {
  readonly strapi: Core.Strapi;
  readonly store: Pick<Store, 'begin' | 'isValid'>;
  /** Notes what a read depends on in the scope that is running. */
  readonly note: (uid: string, params: QueryParams, rows: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What an anonymous caller may do, which authentication reads from the database for every request: in fills it is
 * remembered with the tags of what was read, and read anew when one of them was purged, as an entry would be. It saves
 * a fill about as much as tracking costs it.
 */
export class RememberedPermissions {
  private known: Remembered | null = null;

  constructor(private readonly parts: Parts) {}

  /** @returns the rows, or null for a read that is not this one */
  instead(action: ReadAction, uid: string, params: QueryParams): Promise<unknown> | null {
    if (uid !== PERMISSION || action !== 'findMany' || currentScope()?.authenticating !== true) return null;
    return isQuestion(params) ? this.read(params) : null;
  }

  /** As `findMany` of the entity manager does it: those who listen to reads hear of each, and may change it. */
  private async read(params: QueryParams): Promise<unknown> {
    const { lifecycles } = this.parts.strapi.db;
    const states = await lifecycles.run('beforeFindMany', PERMISSION, { params });
    const rows = await (isQuestion(params) ? this.rows(params) : this.ask(params));
    const result = rows.map((row) => ({ ...row }));
    await lifecycles.run('afterFindMany', PERMISSION, { params, result }, states);
    return result;
  }

  private async rows(params: QueryParams): Promise<Rows> {
    const { store, note, now } = this.parts;
    const { known } = this;
    if (known && known.until > now() && store.isValid(known.stamped)) return known.rows;
    const seq = store.begin();
    const scope = new ReadScope();
    const rows = await this.ask(params);
    if (typeof seq !== 'number') return rows;
    runInScope(scope, () => note(PERMISSION, params, rows));
    this.known = { rows, until: now() + LONGEST, stamped: { tags: scope.tags(), seq, checked: 0 } };
    return rows;
  }

  private ask(params: QueryParams): Promise<Rows> {
    const { db } = this.parts.strapi;
    return asTracker(() => db.queryBuilder(PERMISSION).init(params).execute<Rows>());
  }
}

/** Nothing beside it: a condition may be a function, of which no text tells anything. */
const isQuestion = (params: QueryParams): boolean =>
  Object.keys(params).length === 1 && JSON.stringify(params) === QUESTION;
