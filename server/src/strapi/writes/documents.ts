import type { Core } from '@strapi/strapi';
import type { Schema } from '../schema';
import { Frame, runInFrame } from './frame';
import { linkRowsTags } from './link-tags';
import { tableTag } from '../tags';
import type { Purges } from './purges';
import { StoredRows } from './stored-rows';

const WRITES = new Set(['create', 'update', 'delete', 'clone', 'publish', 'unpublish', 'discardDraft']);

/**
 * Frames every writing action of the document service: the writes inside are one cause, and links that `publish`,
 * `discardDraft` and `clone` rewrite with raw SQL (`document-service/utils/*-relations.js`) are read back from the
 * rows that the action has created.
 */
export function frameDocuments(strapi: Core.Strapi, schema: Schema, purges: Purges): void {
  const stored = new StoredRows(strapi, schema);
  const purgeRewritten = async (frame: Frame): Promise<void> => {
    if (frame.rewritten.size === 0) return;
    for (const [uid, rows] of frame.created) {
      const ids = rows.flatMap((row) => (row.id === null ? [] : [row.id]));
      const links = await stored.allLinks(uid, ids, frame.rewritten);
      purges.add(linkRowsTags(schema, links, rows), frame.cause);
    }
  };
  const framed = async (frame: Frame, next: () => unknown): Promise<unknown> => {
    try {
      const result = await runInFrame(frame, next);
      await purgeRewritten(frame);
      return result;
    } catch (error) {
      // an outer transaction may still commit what was done, and must not be asked when it is broken
      purges.add([...frame.rewritten].map(tableTag), frame.cause);
      throw error;
    }
  };
  strapi.documents.use((context, next) => {
    const { action, uid } = context;
    if (!WRITES.has(action)) return next();
    const { documentId } = context.params as { documentId?: string };
    return framed(new Frame({ source: 'document', action, uid, documentId }), next) as ReturnType<
      typeof next
    >;
  });
}
