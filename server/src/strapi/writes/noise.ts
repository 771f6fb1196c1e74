/**
 * Attributes that change without a change of meaning, with the reason. An update of nothing else is no write at all.
 */
const IGNORED: Readonly<Record<string, readonly string[]>> = {
  // written at most once an hour by any request that carries the token
  'admin::api-token': ['lastUsedAt', 'updatedAt'],
};

/** Attributes that authentication does not look at: their change purges readers of the row, not its bearers. */
const MEANINGLESS: Readonly<Record<string, readonly string[]>> = {
  'admin::api-token': ['name', 'description'],
  // the admin panel writes a role's row whenever its permissions are saved
  'plugin::users-permissions.role': ['updatedAt', 'description', 'name'],
  'plugin::users-permissions.user': ['updatedAt'],
};

const NONE: readonly string[] = [];

export const isIgnored = (uid: string, attribute: string): boolean =>
  (IGNORED[uid] ?? NONE).includes(attribute);

export const isMeaningless = (uid: string, attribute: string): boolean =>
  isIgnored(uid, attribute) || (MEANINGLESS[uid] ?? NONE).includes(attribute);

/** Authentication notes when a token was last used: that is no reason to call the request a writing one. */
export function isNoise(uid: string, data: unknown): boolean {
  const names = data !== null && typeof data === 'object' && !Array.isArray(data) ? Object.keys(data) : [];
  return names.length > 0 && names.every((name) => isIgnored(uid, name));
}
