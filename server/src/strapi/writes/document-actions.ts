import type { Core } from '@strapi/strapi';
import type { Schema } from '../schema';
import { tableTag } from '../tags';
import { linkRowsTags } from './link-tags';
import type { Purges } from './purges';
import type { StoredRows } from './stored-rows';
import { DocumentAction, runInAction } from './write-context';

const WRITES = new Set(['create', 'update', 'delete', 'clone', 'publish', 'unpublish', 'discardDraft']);

/**
 * Marks what an action of the document service writes as one cause. Links that `publish`, `discardDraft` and `clone`
 * rewrite with SQL of their own (`document-service/utils/*-relations.js`) are read back from the rows that the action
 * has created.
 * @returns takes the innermost place, where what other middlewares write is not taken for the action's own
 */
export function observeDocuments(
  strapi: Core.Strapi,
  { schema, stored, purges }: { schema: Schema; stored: StoredRows; purges: Purges },
): () => void {
  const purgeRewritten = async ({ created, rewritten, cause }: DocumentAction): Promise<void> => {
    if (rewritten.size === 0) return;
    for (const [uid, rows] of created) {
      const ids = rows.flatMap((row) => (row.id === null ? [] : [row.id]));
      const links = await stored.links(stored.questionsOf(uid, ids, rewritten));
      purges.add(linkRowsTags(schema, links, rows), cause);
    }
  };
  const observed = async (action: DocumentAction, next: () => unknown): Promise<unknown> => {
    try {
      const result = await runInAction(action, next);
      await purgeRewritten(action);
      return result;
    } catch (error) {
      // an outer transaction may still commit what was done, and must not be asked when it is broken
      purges.add([...action.rewritten].map(tableTag), action.cause);
      throw error;
    }
  };
  // only the one that was added last is on duty: to take one out would make a running action skip another
  let latest = 0;
  const enter = (): void => {
    const own = ++latest;
    strapi.documents.use((context, next) => (own === latest ? observe(context, next) : next()));
  };
  const observe: Parameters<typeof strapi.documents.use>[0] = (context, next) => {
    const { action, uid } = context;
    if (!WRITES.has(action)) return next();
    const { documentId } = context.params as { documentId?: string };
    const cause = { source: 'document', action, uid, documentId } as const;
    return observed(new DocumentAction(cause), next) as ReturnType<typeof next>;
  };
  enter();
  return enter;
}
