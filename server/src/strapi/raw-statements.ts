/** What can be told of a statement by its text. Every step is linear in its length. */
export interface Statement {
  /** `none`: neither reads nor writes rows. `opaque`: nobody can tell what it writes. */
  readonly kind: 'read' | 'write' | 'opaque' | 'none';
  /** Every word of it: a name of a table is among them, wherever it stands. */
  readonly words: ReadonlySet<string>;
  /** Names that stand where a table is named, as they are written. */
  readonly tables: readonly string[];
}

const NEITHER =
  /^(?:begin|start|commit|rollback|savepoint|release|end|abort|set|reset|show|explain|describe|pragma|use|analyze|vacuum|listen|unlisten|notify|lock|unlock|discard|deallocate|close|fetch)$/;
const WRITES =
  /^(?:insert|update|delete|replace|merge|truncate|create|alter|drop|rename|comment|grant|revoke)$/;

const WRITING = /\b(?:insert|update|delete|replace|merge|truncate|alter|drop)\b/i;

const TABLE =
  /\b(?:from|join|into|update|truncate(?:\s+table)?)\s+(?:only\s+)?(?:[`"[]?[\w-]+[`"\]]?\s*\.\s*)?[`"[]?([\w-]+)[`"\]]?/gi;

/** What stands in the place of a table in a statement and is none. */
const NO_TABLE = /^(?:select|set|lateral|unnest|generate_series|json_each|jsonb_\w+)$/i;

export function parseStatement(sql: string): Statement {
  const words = new Set<string>();
  for (const [word] of sql.matchAll(/[\w-]+/g)) words.add(word).add(word.toLowerCase());
  const verb = verbOf(sql);
  const tables = new Set<string>();
  for (const [, name = ''] of sql.matchAll(TABLE)) if (!NO_TABLE.test(name)) tables.add(name);
  const kind = kindOf(verb, sql);
  // several statements in one text, or what looks like them
  const more = (kind === 'read' || kind === 'none') && /;\s*[^\s;]/.test(sql) && WRITING.test(sql);
  return { kind: more ? 'write' : kind, words, tables: [...tables] };
}

function kindOf(verb: string, sql: string): Statement['kind'] {
  if (verb === 'select' || verb === 'values' || verb === 'table') return 'read';
  if (verb === 'with') return /\b(?:insert|update|delete|merge)\b/i.test(sql) ? 'write' : 'read';
  if (WRITES.test(verb)) return 'write';
  return NEITHER.test(verb) || verb === '' ? 'none' : 'opaque';
}

/** The first word behind white space, brackets and comments, in lower case. */
function verbOf(sql: string): string {
  let at = 0;
  for (;;) {
    while (at < sql.length && /[\s(;]/.test(sql.charAt(at))) at++;
    if (sql.startsWith('--', at) || sql.startsWith('#', at)) at = endOf(sql, '\n', at);
    else if (sql.startsWith('/*', at)) at = endOf(sql, '*/', at);
    else break;
  }
  return /^[a-z]*/i.exec(sql.slice(at, at + 20))?.[0].toLowerCase() ?? '';
}

function endOf(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found < 0 ? sql.length : found + mark.length;
}

const MARK = String.raw`(?:\?|\$\d+)`;
/** An update that ends with the ids of its rows, as knex and most people write it. */
const BY_ID = new RegExp(
  String.raw`^\s*update .+ where \(?(?:[\w-]+\.)?id (?:= (${MARK})|in \((${MARK}(?:, ?${MARK})*)\))\)?\s*;?\s*$`,
  'is',
);

/** How many rows a statement names by their ids, which are its last bindings; 0 where it does not. */
export function rowsNamed(sql: string): number {
  // a condition of its own inside of another one says nothing of the rows that are written
  if (sql.match(/\bwhere\b/gi)?.length !== 1) return 0;
  const [, one, many] = BY_ID.exec(sql.replace(/[`"]/g, '')) ?? [];
  return one === undefined ? (many?.split(',').length ?? 0) : 1;
}

/** Words by which a statement says something else at another time, or by chance. */
const VOLATILE =
  /^(?:now|current_timestamp|current_date|current_time|localtime|localtimestamp|clock_timestamp|statement_timestamp|transaction_timestamp|sysdate|curdate|curtime|unix_timestamp|utc_timestamp|utc_date|utc_time|julianday|random|rand|randomblob|uuid|gen_random_uuid|uuid_generate_v4|nextval)$/i;

/** The word that makes the answer to a statement a matter of time or chance; null for none. */
export function volatileWord({ words }: Statement): string | null {
  for (const word of words) if (VOLATILE.test(word)) return word.toLowerCase();
  return null;
}
