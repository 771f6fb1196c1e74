import { ROLE } from '../access-types';
import type { Schema } from '../schema';
import { actionTag, PUBLIC_ROLE, type RowId } from '../tags';
import type { LinkRow } from './link-tags';
import { idOf, type RawRow } from './rows';
import type { StoredRows } from './stored-rows';

/**
 * Who is asked about again when permissions come, go or change: those with the role that has them.
 * @param links of the permissions, with their roles
 */
export async function permissionTags(
  schema: Schema,
  stored: StoredRows,
  permissions: readonly RawRow[],
  links: readonly LinkRow[],
): Promise<string[]> {
  const roleOf = new Map<string, RowId>();
  for (const { table, row } of links) {
    const { owner, far } = table;
    if (!far || ![owner.uid, ...far.uids].includes(ROLE)) continue;
    const [permission, role] =
      owner.uid === ROLE ? [row[far.column], row[owner.column]] : [row[owner.column], row[far.column]];
    roleOf.set(String(permission), role as RowId);
  }
  const roles = await stored.byIds(schema.model(ROLE), [...new Set(roleOf.values())]);
  const open = new Set(roles.filter((row) => row.type === 'public').map((row) => String(idOf(row))));
  return permissions.flatMap((row) => {
    if (typeof row.action !== 'string') return [];
    const role = roleOf.get(String(idOf(row)));
    if (role === undefined) return [actionTag(row.action)];
    const whose = [String(role), ...(open.has(String(role)) ? [PUBLIC_ROLE] : [])];
    return [actionTag(row.action), ...whose.map((it) => actionTag(String(row.action), it))];
  });
}
