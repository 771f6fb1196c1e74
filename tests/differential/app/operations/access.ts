import { Skipped, type World } from '../world';
import type { Operations } from './index';

const PERMISSION = 'plugin::users-permissions.permission';
const ROLE = 'plugin::users-permissions.role';
const USER = 'plugin::users-permissions.user';
const TOKEN = 'admin::api-token';

const ACTIONS = [
  ...['article', 'author', 'category', 'comment', 'page', 'profile', 'tag'].flatMap((name) => [
    `api::${name}.${name}.find`,
    `api::${name}.${name}.findOne`,
  ]),
  'api::homepage.homepage.find',
  'plugin::upload.content-api.find',
];

const role = async (world: World): Promise<{ id: number; type: string }> => {
  const type = world.random.pick(['public', 'public', 'authenticated']);
  return (await world.query(ROLE).findOne({ where: { type } })) as { id: number; type: string };
};

/** What is revoked comes back soon, else all answers would be refusals after a while. */
async function toggled(world: World, roleId: number): Promise<{ action: string; granted: number | null }> {
  const rows = (await world.query(PERMISSION).findMany({ where: { role: { id: roleId } } })) as {
    id: number;
    action: string;
  }[];
  const missing = ACTIONS.filter((action) => !rows.some((row) => row.action === action));
  if (missing.length > 0 && world.random.chance(0.75))
    return { action: world.random.pick(missing), granted: null };
  const action = world.random.pick(ACTIONS);
  return { action, granted: rows.find((row) => row.action === action)?.id ?? null };
}

interface Lent {
  readonly name: string;
  readonly key: string;
}

/** Tokens that callers of the test have, by the keys that they know. */
const READ: Lent = { name: 'Development only: read', key: 'development-only-read-token' };
const LENT: readonly Lent[] = [
  READ,
  { name: 'Development only: list of articles', key: 'development-only-articles-token' },
];

/** Makes a token anew, or gives it the key that its caller knows, where that is needed. */
async function restored(world: World, { name, key }: Lent): Promise<boolean> {
  const service = world.strapi.service('admin::api-token') as unknown as {
    hash(key: string): string;
    create(token: object): Promise<{ id: number }>;
  };
  const accessKey = service.hash(key);
  const known = (await world.query(TOKEN).findOne({ where: { name } })) as {
    id: number;
    accessKey: string;
  } | null;
  if (known?.accessKey === accessKey) return false;
  const { id } =
    known ?? (await service.create({ name, description: '', type: 'read-only', lifespan: null }));
  await world.query(TOKEN).update({ where: { id }, data: { accessKey } });
  return true;
}

type RolePermissions = Record<string, { controllers: Record<string, Record<string, { enabled: boolean }>> }>;

export const access: Operations = {
  'access.toggle': async (world) => {
    const { id, type } = await role(world);
    const { action, granted } = await toggled(world, id);
    if (granted === null) await world.query(PERMISSION).create({ data: { action, role: id } });
    else await world.query(PERMISSION).delete({ where: { id: granted } });
    return `${granted === null ? 'grant' : 'revoke'} ${action} ${type}`;
  },
  /** The admin panel sends the whole tree of a role. */
  'access.save-role': async (world) => {
    const { id, type } = await role(world);
    const { action, granted } = await toggled(world, id);
    const service = world.strapi.plugin('users-permissions').service('role') as {
      findOne(id: number): Promise<{ name: string; description: string; permissions: RolePermissions }>;
    };
    const { name, description, permissions } = await service.findOne(id);
    const [api = '', controller = '', method = ''] = action.split('.');
    const entry = permissions[api]?.controllers[controller]?.[method];
    if (!entry) throw new Skipped(`no ${action}`);
    entry.enabled = granted === null;
    await world.admin('PUT', `/users-permissions/roles/${id}`, { name, description, permissions, users: [] });
    return `save role ${type}: ${action} ${granted === null}`;
  },
  'access.user': async (world) => {
    const username = world.random.pick(['reader1', 'reader2']);
    const user = (await world.query(USER).findOne({ where: { username }, populate: { role: true } })) as {
      id: number;
      blocked: boolean;
      role: { type: string } | null;
    };
    const way = world.random.int(0, 3);
    if (user.blocked || way === 0) {
      await world.query(USER).update({ where: { id: user.id }, data: { blocked: !user.blocked } });
      return `${user.blocked ? 'unblock' : 'block'} ${username}`;
    }
    if (way === 1) {
      const type = user.role?.type === 'public' ? 'authenticated' : 'public';
      const { id } = (await world.query(ROLE).findOne({ where: { type } })) as { id: number };
      await world.query(USER).update({ where: { id: user.id }, data: { role: id } });
      return `role of ${username}: ${type}`;
    }
    await world.query(USER).update({
      where: { id: user.id },
      data: { email: `${username}-${world.random.int(1, 9)}@example.com` },
    });
    return `email of ${username}`;
  },
  /** Takes a token out of use, and back. */
  'access.token': async (world) => {
    const name = world.random.pick(['Development only: read', 'Development only: list of articles']);
    const token = (await world.query(TOKEN).findOne({ where: { name } })) as {
      id: number;
      expiresAt: string | null;
    } | null;
    if (!token) throw new Skipped(`no token ${name}`);
    const data = token.expiresAt ? { expiresAt: null } : { expiresAt: String(Date.now() - 1000) };
    await world.query(TOKEN).update({ where: { id: token.id }, data });
    return `${token.expiresAt ? 'renew' : 'expire'} token ${name}`;
  },
  'access.token-type': async (world) => {
    const token = (await world.query(TOKEN).findOne({
      where: { name: 'Development only: list of articles' },
      populate: { permissions: true },
    })) as {
      id: number;
      name: string;
      permissions: { action: string }[];
    };
    const actions = token.permissions.map((it) => it.action);
    const other = world.random.pick(ACTIONS);
    const permissions = actions.includes(other) ? actions.filter((it) => it !== other) : [...actions, other];
    const kept = permissions.length > 0 ? permissions : ['api::article.article.find'];
    await world.admin('PUT', `/admin/api-tokens/${token.id}`, {
      name: token.name,
      type: 'custom',
      permissions: kept,
    });
    return `token may ${kept.join(' ')}`;
  },
  /** Whoever has the old key of a token is nobody any more, until `access.token-seen` gives it back. */
  'access.token-regenerate': async (world) => {
    const { name } = world.random.pick(LENT);
    const token = (await world.query(TOKEN).findOne({ where: { name } })) as { id: number } | null;
    if (!token) throw new Skipped(`no token ${name}`);
    await world.admin('POST', `/admin/api-tokens/${token.id}/regenerate`, {});
    return `regenerate token ${name}`;
  },
  'access.token-delete': async (world) => {
    const { name } = READ;
    const token = (await world.query(TOKEN).findOne({ where: { name } })) as { id: number } | null;
    if (!token) throw new Skipped(`no token ${name}`);
    await world.admin('DELETE', `/admin/api-tokens/${token.id}`, undefined);
    return `delete token ${name}`;
  },
  'access.token-seen': async (world) => {
    for (const lent of LENT) if (await restored(world, lent)) return `token ${lent.name} as it was`;
    const [token] = (await world.query(TOKEN).findMany({ limit: 1 })) as { id: number }[];
    await world.query(TOKEN).update({ where: { id: token?.id }, data: { lastUsedAt: new Date() } });
    return 'lastUsedAt of a token';
  },
};
