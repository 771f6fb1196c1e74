import type { Core } from '@strapi/strapi';
import type { Store } from '../../core/store';
import { PERMISSION } from '../access-types';
import { asTracker, type QueryParams, type ReadAction } from '../orm';
import { currentScope, ReadScope, runInScope } from '../read-scope';

/** Different questions of authentication that are remembered: Strapi has one. */
const MOST = 8;
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
 * What an anonymous caller may do, which authentication reads from the database for every request
 * (`users-permissions/server/services/permission.js`, `findPublicPermissions`): in fills it is remembered with the tags
 * of what was read, and read anew when one of them was purged, as an entry would be. It saves a fill about as much as
 * tracking costs it.
 */
export class RememberedPermissions {
  private readonly known = new Map<string, Remembered>();

  constructor(private readonly parts: Parts) {}

  /** @returns the rows, or null for a read that is not of this kind */
  instead(action: ReadAction, uid: string, params: QueryParams): Promise<unknown> | null {
    const authenticating = currentScope()?.authenticating === true;
    return authenticating && uid === PERMISSION && action === 'findMany' ? this.read(params) : null;
  }

  /** As `findMany` of the entity manager does it: those who listen to reads hear of each, and may change it. */
  private async read(params: QueryParams): Promise<unknown> {
    const { lifecycles } = this.parts.strapi.db;
    const question = JSON.stringify(params);
    const states = await lifecycles.run('beforeFindMany', PERMISSION, { params });
    const same = JSON.stringify(params) === question;
    const rows = await (same ? this.rows(question, params) : this.ask(params));
    const result = rows.map((row) => ({ ...row }));
    await lifecycles.run('afterFindMany', PERMISSION, { params, result }, states);
    return result;
  }

  private async rows(question: string, params: QueryParams): Promise<Rows> {
    const { store, note, now } = this.parts;
    const known = this.known.get(question);
    if (known && known.until > now() && store.isValid(known.stamped)) return known.rows;
    const seq = store.begin();
    const scope = new ReadScope();
    const rows = await this.ask(params);
    this.known.delete(question);
    if (typeof seq !== 'number' || this.known.size >= MOST) return rows;
    runInScope(scope, () => note(PERMISSION, params, rows));
    const stamped = { tags: scope.tags(), seq, checked: 0 };
    this.known.set(question, { rows, until: now() + LONGEST, stamped });
    return rows;
  }

  private ask(params: QueryParams): Promise<Rows> {
    const { db } = this.parts.strapi;
    return asTracker(() => db.queryBuilder(PERMISSION).init(params).execute<Rows>());
  }
}
