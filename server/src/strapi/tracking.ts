import type { Core } from '@strapi/strapi';
import type { Compatibility } from '../compatibility';
import { observeAuth } from './auth';
import { observeOrm } from './orm';
import { currentScope } from './read-scope';
import { ReadTracker } from './reads/tracker';
import type { Schema } from './schema';
import { observeDocuments } from './writes/document-actions';
import type { Purges } from './writes/purges';
import { StoredRows } from './writes/stored-rows';
import { WriteTracker } from './writes/tracker';

export interface TrackingDeps {
  readonly strapi: Core.Strapi;
  readonly schema: Schema;
  readonly purges: Purges;
  readonly compatibility: Compatibility;
}

/**
 * Begins to watch what is read and written through Strapi. Raw SQL is another matter (`raw-sql.ts`).
 * @returns to be called when the application has registered middlewares of its own
 */
export function track({ strapi, schema, purges, compatibility }: TrackingDeps): () => void {
  if (!compatibility.canCache) {
    purgeEverything(strapi, purges);
    return () => undefined;
  }
  const reads = new ReadTracker(schema);
  const stored = new StoredRows(strapi, schema);
  const linksKnown = !compatibility.lacks('by-type');
  const writes = new WriteTracker({ strapi, schema, stored, purges, linksKnown });
  observeOrm(strapi, {
    read: (action, uid, params, result) => reads.read(action, uid, params, result),
    // what a handler makes of that depends on nothing that is known
    readFailed: () => currentScope()?.refuse('read-failed'),
    write: (action, uid, params, run) => writes.write(action, uid, params, run),
    link: (action, uid, id, data, trx, run) => writes.link(action, uid, id, data, trx, run),
  });
  const moveInside = observeDocuments(strapi, { schema, stored, purges });
  observeAuth(strapi);
  return moveInside;
}

const WRITES = [
  'afterCreate',
  'afterCreateMany',
  'afterUpdate',
  'afterUpdateMany',
  'afterDelete',
  'afterDeleteMany',
];

/**
 * For a Strapi that cannot be watched: this process caches nothing, but others may share its store, and they must not
 * go on showing what it changes. What a write changes elsewhere is not known, so everything goes.
 */
function purgeEverything(strapi: Core.Strapi, purges: Purges): void {
  const purge = ({ action, model }: { action: string; model: { uid: string } }): void => {
    const send = (): void => purges.alongside(purges.everything({ source: 'query', action, uid: model.uid }));
    const { db } = strapi;
    // inside of a transaction others still see what was there before
    if (typeof db.inTransaction === 'function' && db.inTransaction())
      void db.transaction(({ onCommit }) => onCommit(send));
    else send();
  };
  strapi.db.lifecycles.subscribe(Object.fromEntries(WRITES.map((name) => [name, purge])) as never);
}
