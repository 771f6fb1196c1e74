import type { Core } from '@strapi/strapi';

/** What locks rows in knex. */
export interface Lockable {
  forNoKeyUpdate(): this;
  forUpdate(): this;
  skipLocked(): this;
}

/** `change`: of other columns than those that foreign keys point at. `remove`: of the whole row. */
export type LockStrength = 'change' | 'remove';

/** What a dialect of `@strapi/database` tells of its server, after its first connection. */
interface Dialect {
  readonly client: string;
  readonly info?: { readonly database: string | null; readonly version: string | null } | null;
}

/**
 * Locks the rows of a `select` as the write that follows will lock them, so that nobody changes them in between; rows
 * that somebody else holds are left out, so it never waits.
 * SQLite needs no lock: whoever has read in a transaction can write in it only if nobody else has written since
 * (sqlite.org/isolation.html).
 * @returns null where the database cannot
 */
export function rowLock(
  db: Core.Strapi['db'],
  strength: LockStrength,
): (<Q extends Lockable>(query: Q) => Q) | null {
  const { client, info } = db.dialect as unknown as Dialect;
  switch (client) {
    case 'sqlite':
      return (query) => query;
    case 'postgres':
      return (query) => (strength === 'change' ? query.forNoKeyUpdate() : query.forUpdate()).skipLocked();
    case 'mysql':
      return skipsLocked(info) ? (query) => query.forUpdate().skipLocked() : null;
    default:
      return null;
  }
}

/** `SKIP LOCKED`: MySQL from 8.0, MariaDB from 10.6. */
function skipsLocked(info: Dialect['info']): boolean {
  const [major = 0, minor = 0] = (info?.version ?? '').split('.').map(Number);
  return info?.database === 'MARIADB' ? major > 10 || (major === 10 && minor >= 6) : major >= 8;
}
