import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../support/content';
import { useSite } from '../support/strapi';

const PERMISSION = 'plugin::users-permissions.permission';
const FIND_TAGS = { action: 'api::tag.tag.find', role: { type: 'public' } };

const site = useSite();
let fresh = 0;

/** A response that is in no cache: the fill asks who may have it. */
const fill = (path = '/api/tags') => site().get(`${path}?pagination[pageSize]=${++fresh}`);

/** How often the database was asked for permissions. */
async function asked(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const listen = ({ sql }: { sql: string }): void => {
    if (/from .up_permissions. as/.test(sql)) count++;
  };
  const { client } = site().strapi.db.connection as unknown as {
    client: { on(event: string, listener: unknown): void; off(event: string, listener: unknown): void };
  };
  client.on('query', listen);
  try {
    await run();
  } finally {
    client.off('query', listen);
  }
  return count;
}

const permissions = () => site().strapi.db.query(PERMISSION);
const roleOf = async (type: string): Promise<unknown> =>
  (await site().strapi.db.query('plugin::users-permissions.role').findOne({ where: { type } }))?.id;

/** Takes a permission away with `revoke`; it is there again afterwards. */
async function without(revoke: (id: number) => Promise<unknown>, check: () => Promise<void>): Promise<void> {
  const [row] = (await permissions().findMany({ where: FIND_TAGS })) as { id: number }[];
  const role = await roleOf('public');
  await revoke(row!.id);
  try {
    await check();
  } finally {
    await permissions().deleteMany({ where: { id: row!.id } });
    await permissions().create({ data: { action: FIND_TAGS.action, role } });
  }
}

beforeEach(async () => {
  await purgeAll(site().strapi);
  await fill();
});

describe('what an anonymous caller may do', () => {
  it('is read once for many fills', async () => {
    const count = await asked(async () => {
      for (let i = 0; i < 5; i++) expect((await fill()).header('x-cache')).toBe('MISS');
    });
    expect(count).toBe(0);
  });

  it('is read for every request that is no fill', async () => {
    const count = await asked(async () => {
      for (let i = 0; i < 3; i++) await site().send('/api/tags', { method: 'POST' });
    });
    expect(count).toBe(3);
  });

  it('is read anew after a minute, for writes that nobody here can see', async () => {
    site().date.advance(61_000);
    expect(await asked(() => fill())).toBe(1);
    expect(await asked(() => fill())).toBe(0);
  });

  it.each([
    ['the query engine', (id: number) => permissions().delete({ where: { id } })],
    ['a bulk write', (id: number) => permissions().deleteMany({ where: { id } })],
    ['SQL', (id: number) => site().strapi.db.connection('up_permissions').where({ id }).delete()],
    [
      'SQL that takes it from the role',
      (id: number) =>
        site().strapi.db.connection('up_permissions_role_lnk').where({ permission_id: id }).delete(),
    ],
    [
      'moving it to another role',
      async (id: number) =>
        permissions().update({ where: { id }, data: { role: await roleOf('authenticated') } }),
    ],
  ])('is known at the next fill when %s takes a permission away', async (_what, revoke) => {
    expect((await fill()).status).toBe(200);
    await without(revoke, async () => {
      expect((await fill()).status).toBe(403);
    });
    expect((await fill()).status).toBe(200);
  });

  it('is known at the next fill when the type of a role changes', async () => {
    const roles = site().strapi.db.query('plugin::users-permissions.role');
    const id = await roleOf('public');
    await roles.update({ where: { id }, data: { type: 'nobody' } });
    expect((await fill()).status).toBe(401);
    await roles.update({ where: { id }, data: { type: 'public' } });
    expect((await fill()).status).toBe(200);
  });

  it('is not what a transaction took back', async () => {
    const [row] = (await permissions().findMany({ where: FIND_TAGS })) as { id: number }[];
    const undone = site().strapi.db.transaction(async () => {
      await permissions().delete({ where: { id: row!.id } });
      throw new Error('taken back');
    });
    await expect(undone).rejects.toThrow('taken back');
    expect((await fill()).status).toBe(200);
  });

  it('is told to those who listen to reads, and what they make of it stays with that request', async () => {
    let heard = 0;
    const stop = site().strapi.db.lifecycles.subscribe({
      models: [PERMISSION],
      afterFindMany(event: { result?: unknown }) {
        heard++;
        (event.result as unknown[]).length = 0;
      },
    } as never);
    expect((await fill()).status).toBe(401);
    expect((await fill()).status).toBe(401);
    expect(heard).toBe(2);
    stop();
    expect((await fill()).status).toBe(200);
  });
});
