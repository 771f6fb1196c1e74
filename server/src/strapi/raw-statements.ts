/** What can be told of a statement by its text. */

export function kindOf(sql: string): 'read' | 'write' | 'other' {
  if (sql.startsWith('select ')) return 'read'; // most are, as knex writes them
  const verb = /^[\s(]*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase();
  if (verb === 'select') return 'read';
  if (
    verb === 'insert' ||
    verb === 'update' ||
    verb === 'delete' ||
    verb === 'replace' ||
    verb === 'truncate'
  )
    return 'write';
  if (verb === 'with') return /\b(insert|update|delete)\b/i.test(sql) ? 'write' : 'read';
  return 'other';
}

const TABLE =
  /\b(?:from|join|into|update|truncate(?:\s+table)?)\s+(?:only\s+)?(?:[`"[]?[\w-]+[`"\]]?\s*\.\s*)?[`"[]?([\w-]+)[`"\]]?/gi;

/** The tables that a statement names. A name that is not a table of Strapi's is reported as it stands. */
export function tablesOf(sql: string): string[] {
  const names = new Set<string>();
  for (const match of sql.matchAll(TABLE)) {
    const name = match[1] ?? '';
    if (!/^(select|set|lateral|unnest|generate_series|json_each|jsonb_\w+)$/i.test(name)) names.add(name);
  }
  return [...names];
}

/** An update of rows that are named by their ids. */
export interface RowUpdate {
  readonly table: string;
  readonly columns: readonly string[];
  readonly ids: readonly (string | number)[];
  /** What is set, by columns. */
  readonly data: Readonly<Record<string, unknown>>;
}

const MARKS = String.raw`(?:\?|\$\d+)`;
const UPDATE = new RegExp(
  String.raw`^update ([\w-]+)(?: as [\w-]+)? set (.+?) where \(*(?:[\w-]+\.)?id (?:= ${MARKS}|in \(((?:${MARKS}(?:, )?)+)\))\)*$`,
  'i',
);
const ASSIGNMENT = /^([\w-]+) = (?:\?|\$\d+)$/;

/** Understands what knex writes for `table.where({ id }).update({ ... })`, and nothing more. */
export function rowUpdateOf(sql: string, bindings: readonly unknown[] = []): RowUpdate | null {
  const match = UPDATE.exec(sql.replace(/[`"]/g, '').trim());
  if (!match?.[1] || !match[2]) return null;
  const columns = match[2].split(', ').map((part) => ASSIGNMENT.exec(part)?.[1]);
  if (!columns.every((column) => column !== undefined)) return null;
  const ids = bindings.slice(columns.length);
  const expected = match[3] === undefined ? 1 : match[3].split(', ').length;
  if (ids.length !== expected || !ids.every((id) => typeof id === 'number' || typeof id === 'string'))
    return null;
  const data = Object.fromEntries(columns.map((column, i) => [column, bindings[i]]));
  return { table: match[1], columns, ids: ids as (string | number)[], data };
}

/**
 * The columns that a `select` from one table speaks of, when they can be told: no `*`, and the table itself is not
 * used as a value (PostgreSQL reads a whole row so).
 */
export function columnsRead(sql: string, table: string, known: ReadonlyMap<string, string>): string[] | null {
  const text = sql.replace(/[`"]/g, '').replace(/count\(\*\)/gi, 'count()');
  const from = new RegExp(String.raw`\bfrom ${table}(?: (?:where|group|order|limit)\b|\s*;?\s*$)`, 'i');
  const uses = text.match(new RegExp(String.raw`\b${table}\b(?!\.)`, 'g'))?.length ?? 0;
  if (text.includes('*') || !from.test(text) || uses !== 1 || /\b(select|from)\b.*\bselect\b/is.test(text))
    return null;
  const words = new Set(text.match(/[\w-]+/g));
  return [...known.keys()].filter((column) => words.has(column));
}

/**
 * Whether every row that a `select` from one table finds has NULL in a column, or a value. Understands conditions that
 * stand beside each other, as knex writes them, and nothing more.
 * @returns null where that is not said
 */
export function demandedNull(sql: string, column: string): boolean | null {
  const text = sql.replace(/[`"]/g, '');
  const where = /\bwhere (.+?)(?: group by | order by | limit |$)/is.exec(text)?.[1];
  if (where === undefined || /[()]|\b(?:or|union|intersect|except|not(?! null))\b/i.test(where)) return null;
  const conditions = where.trim().split(/ and /i);
  const said = (test: string): boolean =>
    conditions.some((it) => it.replace(/^[\w-]+\./, '').toLowerCase() === `${column} ${test}`);
  return said('is null') ? true : said('is not null') ? false : null;
}
