import { shortDigest } from '../core/digest';

/**
 * The names of what entries depend on. A tag is written by a read and by the write that touches the same thing;
 * this file is the one place where the two agree.
 *
 * `dim` is a status and a locale: `p` published, `d` draft, `-` no draft & publish; a locale, `*` for any,
 * `-` for a type that is not localized. A changed row names its own dim and the same status with `*`;
 * a read that does not know the status depends on both.
 */
export type Status = 'p' | 'd' | '-';
export type Dim = `${Status}|${string}`;
/** Collations of MySQL find `fr` where `FR` is asked for. */
export const dimOf = (status: Status, locale: string): Dim => `${status}|${locale.toLowerCase().trimEnd()}`;

/** Everything of a type: bulk writes, raw SQL. */
export const typeTag = (uid: string): string => `u|${uid}`;
/** Any change of any row of a type in a dim. */
export const anyRowTag = (uid: string, dim: Dim): string => `x|${uid}|${dim}`;
/** Rows coming to or leaving a type in a dim. */
export const memberTag = (uid: string, dim: Dim): string => `m|${uid}|${dim}`;
/** Rows found by the value of an attribute, as `lookups.ts` writes it. */
export const lookupTag = (uid: string, dim: Dim, attribute: string, value: string): string =>
  `e|${uid}|${dim}|${attribute}=${shown(attribute, value)}`;
/** Rows found by any value of an attribute: what changes the attribute and does not know what it was before. */
export const anyLookupTag = (uid: string, dim: Dim, attribute: string): string =>
  `e|${uid}|${dim}|${attribute}`;
/** An attribute that a filter or a sort has used. */
export const attributeTag = (uid: string, dim: Dim, attribute: string): string =>
  `a|${uid}|${dim}|${attribute}`;

export type RowId = string | number;

/** Any attribute of a row. */
export const rowTag = (uid: string, id: RowId): string => `r|${uid}|${id}`;
/** One attribute of a row. */
export const rowAttributeTag = (uid: string, id: RowId, attribute: string): string =>
  `r|${uid}|${id}|${attribute}`;
/** Whether a row exists. */
export const rowExistsTag = (uid: string, id: RowId): string => `r|${uid}|${id}|$`;
/** Any attribute of a row but those that change without meaning (`noise.ts`). */
export const rowMeaningTag = (uid: string, id: RowId): string => `r|${uid}|${id}|~`;

/** The link list of one row: a column of a join table, the row's id there, and the status of what it links to. */
export const linkTag = (table: string, side: string, id: RowId, status: Status): string =>
  `l|${table}|${side}|${id}|${status}`;
/**
 * Who shows a row because of a link to it, or of the value of an attribute, where the tag of the row itself does not
 * tell that this is over: a row that can belong to one only, which a link from elsewhere takes away, and a row of which
 * a few columns are shown.
 * @param by a join table and its far column, or a type and the attribute
 */
export const shownTag = (by: string, column: string, id: RowId): string => `s|${by}|${column}|${id}`;
/**
 * Lists of links on one side of a join table that do not show every row they hold: a count, or a window. Who shows the
 * row itself learns from its tag that a link to it went.
 */
export const partialListTag = (table: string, side: string): string => `n|${table}|${side}`;
/** The same for rows that are looked up by an attribute: their number, or a window of them. */
export const partialRowsTag = (uid: string, dim: Dim, attribute: string): string =>
  `n|${uid}|${dim}|${attribute}`;
/** Links of any row on one side of a join table: filters and sorts that pass through a relation. */
export const joinTag = (table: string, side: string, status: Status): string =>
  `j|${table}|${side}|${status}`;
/** A whole join table: what writes it with SQL of its own. */
export const tableTag = (table: string): string => `t|${table}`;
/** Any change of any link in a join table: what reads it with SQL of its own. */
export const anyLinkTag = (table: string): string => `k|${table}`;
/** Any link of any row of a type: conditions that are not understood. */
export const anyLinkOfTag = (uid: string): string => `o|${uid}`;
/** The role of callers without a credential. */
export const PUBLIC_ROLE = 'public';
/** Whether a content API action such as `api::article.article.find` is allowed to a role, or to anybody. */
export const actionTag = (action: string, role?: string): string =>
  role === undefined ? `c|${action}` : `c|${action}|${role}`;

/** The entry itself, so that it can be dropped on every instance by its name. */
export const keyTag = (key: string): string => `k|${key.slice(0, 22)}`;
/** Every response of a route: `/api/articles/:id`. */
export const routeTag = (template: string): string => `p|${template}`;

/** Every response to a path and query, whoever asked: writes to that URI drop them (RFC 9111 section 4.4). */
export const uriTag = (path: string, query: string): string => `i|${shortDigest(`${path}\0${query}`)}`;

/** Tags whose purge is never a soft one: access must end at once. */
export const isAccessTag = (tag: string): boolean => tag.startsWith('c|');

/** A name that application code gave; a tag as `explain` shows it stands for itself. */
export const appTag = (name: string): string => (name.includes('|') ? name : `app|${name}`);

/** Tags are seen in logs and in the admin panel: values that are long or secret are written as a digest. */
function shown(attribute: string, value: string): string {
  if (value.length <= 64 && !/key|token|secret|password|session/i.test(attribute)) return value;
  return `#${shortDigest(value)}`;
}
