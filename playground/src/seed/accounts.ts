import type { Core } from '@strapi/strapi';
import { admin, readers, tokens, type DevelopmentToken } from './credentials';

export const ensureAdmin = async (strapi: Core.Strapi): Promise<void> => {
  const users = strapi.service('admin::user');
  if (await users.exists()) return;
  await users.createFirstAdmin({ ...admin, firstname: 'Playground', lastname: 'Admin' });
};

/** Strapi draws a random key for each new token; a documented one takes its place. */
const ensureToken = async (strapi: Core.Strapi, token: DevelopmentToken): Promise<void> => {
  const service = strapi.service('admin::api-token');
  const { key, name, description, type, permissions } = token;
  const query = strapi.db.query('admin::api-token');

  const existing = await query.findOne({ where: { name } });
  const { id } =
    existing ??
    (await service.create({
      kind: 'content-api',
      name,
      description,
      type,
      lifespan: null,
      ...(permissions ? { permissions } : {}),
    }));

  // Keys are stored hashed with a salt of the environment, so a new .env asks for new hashes.
  const accessKey = service.hash(key);
  if (existing?.accessKey === accessKey) return;
  const encryptedKey = strapi.service('admin::encryption').encrypt(key);
  await query.update({ where: { id }, data: { accessKey, encryptedKey } });
};

export const ensureTokens = async (strapi: Core.Strapi): Promise<void> => {
  for (const token of Object.values(tokens)) await ensureToken(strapi, token);
};

export const createReaders = async (strapi: Core.Strapi): Promise<void> => {
  const role = await strapi.db
    .query('plugin::users-permissions.role')
    .findOne({ where: { type: 'authenticated' } });
  for (const reader of readers) {
    await strapi
      .plugin('users-permissions')
      .service('user')
      .add({ ...reader, provider: 'local', confirmed: true, blocked: false, role: role.id });
  }
};
