import type { Core } from '@strapi/strapi';

/** The SQL statements that were sent to the database while something ran. */
export async function countSql<T>(
  strapi: Core.Strapi,
  run: () => Promise<T>,
): Promise<{ statements: string[]; answer: T }> {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }): void => void statements.push(sql);
  strapi.db.connection.on('query', note);
  try {
    return { answer: await run(), statements };
  } finally {
    strapi.db.connection.removeListener('query', note);
  }
}
