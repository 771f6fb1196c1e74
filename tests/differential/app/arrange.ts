import type { Core } from '@strapi/strapi';

/** The order in which the rows of every table lie. */
export type Arrangement = 'ascending' | 'descending';

/**
 * Lays the rows of all tables in the order of their ids, on PostgreSQL, where a statement without an order answers with
 * them as they lie. It changes no content. @returns false on databases without such an order
 */
export async function arrange(strapi: Core.Strapi, arrangement: Arrangement): Promise<boolean> {
  const { connection } = strapi.db;
  if (strapi.db.dialect.client !== 'postgres') return false;
  const { rows } = (await connection.raw(
    "select table_name as name from information_schema.columns where table_schema = current_schema() and column_name = 'id'",
  )) as { rows: { name: string }[] };
  const direction = arrangement === 'ascending' ? 'asc' : 'desc';
  for (const { name } of rows) {
    await connection.raw(`create index arrangement on ?? (id ${direction})`, [name]);
    await connection.raw('cluster ?? using arrangement', [name]);
    await connection.raw('drop index arrangement');
  }
  return true;
}
