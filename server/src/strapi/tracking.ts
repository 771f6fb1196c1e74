import type { Core } from '@strapi/strapi';
import { observeAuth } from './auth';
import { observeOrm } from './orm';
import { ReadTracker } from './reads/tracker';
import type { Schema } from './schema';
import { observeDocuments } from './writes/document-actions';
import type { Purges } from './writes/purges';
import { StoredRows } from './writes/stored-rows';
import { WriteTracker } from './writes/tracker';

/** Begins to watch what is read and written through Strapi. Raw SQL is another matter (`raw-sql.ts`). */
export function track(strapi: Core.Strapi, schema: Schema, purges: Purges): void {
  const reads = new ReadTracker(schema);
  const stored = new StoredRows(strapi, schema);
  const writes = new WriteTracker({ strapi, schema, stored, purges });
  observeOrm(strapi, {
    read: (action, uid, params, result) => reads.read(action, uid, params, result),
    write: (action, uid, params, run) => writes.write(action, uid, params, run),
    link: (action, uid, id, data, trx, run) => writes.link(action, uid, id, data, trx, run),
  });
  observeDocuments(strapi, { schema, stored, purges });
  observeAuth(strapi);
}
