import type { Core } from '@strapi/strapi';
import type { Store } from '../core/store';
import { observeAuth } from './auth';
import { observeOrm } from './orm';
import type { Overlaps } from './overlaps';
import type { Questions } from './questions';
import { RememberedPermissions } from './reads/remembered-permissions';
import { ReadTracker } from './reads/tracker';
import type { Schema } from './schema';
import { frameDocuments } from './writes/documents';
import type { Purges } from './writes/purges';
import { WriteTracker } from './writes/tracker';
import { takeTurns } from './writes/turns';

export interface Tracking {
  readonly strapi: Core.Strapi;
  readonly schema: Schema;
  readonly store: Store;
  readonly purges: Purges;
  readonly questions: Questions | null;
  readonly overlaps: Overlaps;
}

/** Begins to watch what is read and written through Strapi. Raw SQL is another matter (`raw-sql.ts`). */
export function track({ strapi, schema, store, purges, questions, overlaps }: Tracking): void {
  const reads = new ReadTracker(schema, questions);
  const writes = new WriteTracker(strapi, schema, purges, questions, overlaps);
  const permissions = new RememberedPermissions({
    strapi,
    store,
    note: (uid, params, rows) => reads.read('findMany', uid, params, rows),
    now: Date.now,
  });
  observeOrm(strapi, {
    instead: (action, uid, params) => permissions.instead(action, uid, params),
    read: (action, uid, params, result) => reads.read(action, uid, params, result),
    write: (action, uid, params, run) => writes.write(action, uid, params, run),
    link: (action, uid, id, data, trx, run) => writes.link(action, uid, id, data, trx, run),
  });
  frameDocuments(strapi, schema, purges);
  observeAuth(strapi);
  takeTurns(strapi, () => performance.now());
}
