import type { Core, Modules, UID } from '@strapi/strapi';

interface Row {
  id: number;
  locale: string | null;
  publishedAt: string | null;
  comments: { id: number }[];
}

const commented: ReadonlySet<string> = new Set(['api::article.article', 'api::page.page']);
const rewriting: ReadonlySet<string> = new Set(['update', 'publish', 'unpublish', 'discardDraft']);

/** Visitors comment on what is published; without a published version the draft keeps the comments. */
const homeOf = (rows: readonly Row[], locale: string | null): Row | undefined => {
  const versions = rows.filter((row) => row.locale === locale);
  return versions.find((row) => row.publishedAt !== null) ?? versions[0];
};

/**
 * A comment points at one row, and publishing replaces that row by a new one. This document middleware moves
 * the comments along, so that an article keeps them when it is published again.
 */
export const commentsFollow =
  (strapi: Core.Strapi): Modules.Documents.Middleware.Middleware =>
  async (ctx, next) => {
    const { documentId } = ctx.params as { documentId?: string };
    if (!commented.has(ctx.uid) || !rewriting.has(ctx.action) || !documentId) return next();

    const uid = ctx.uid as UID.ContentType;
    const readRows = (): Promise<Row[]> =>
      strapi.db.query(uid).findMany({
        where: { documentId },
        select: ['id', 'locale', 'publishedAt'],
        populate: { comments: true },
      });

    const before = await readRows();
    const result = await next();
    if (before.every((row) => row.comments.length === 0)) return result;

    const after = await readRows();
    for (const row of before) {
      const home = homeOf(after, row.locale);
      if (!home || home.id === row.id) continue;
      for (const { id } of row.comments) {
        const data = { target: { __type: uid, id: home.id } };
        await strapi.db.query('api::comment.comment').update({ where: { id }, data });
      }
    }
    return result;
  };
