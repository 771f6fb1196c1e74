import { describe, expect, it } from 'vitest';
import { useSite } from './site';

const site = useSite();

const PERMISSION = 'plugin::users-permissions.permission';
const ROLE = 'plugin::users-permissions.role';
const USER = 'plugin::users-permissions.user';
const TOKEN = 'admin::api-token';

const permissionOf = async (type: string, action: string) => {
  const rows = await site().rows(PERMISSION, { action, role: { type } });
  return rows[0];
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function reader(name: string): Promise<{ authorization: string }> {
  const response = await fetch(`${site().origin}/api/auth/local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: name, password: `Reader-${name.slice(-1)}-playground` }),
  });
  return bearer(((await response.json()) as { jwt: string }).jwt);
}

describe('access', () => {
  it('one permission keeps the answers that never asked for it', async () => {
    const permission = await permissionOf('public', 'api::tag.tag.find');
    const urls = ['/api/tags', '/api/articles?populate=tags', '/api/articles', '/api/categories'];
    const write = () =>
      site()
        .query(PERMISSION)
        .delete({ where: { id: permission?.id } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'dropped', 'kept', 'kept']);
  });

  it('a granted permission is seen by who was refused the populated type', async () => {
    const [role] = await site().rows(ROLE, { type: 'public' });
    const write = () =>
      site()
        .query(PERMISSION)
        .create({ data: { action: 'api::tag.tag.find', role: role?.id } });
    expect(await site().effect(['/api/articles?populate=tags', '/api/articles'], write)).toEqual([
      'dropped',
      'kept',
    ]);
  });

  it('the permission of one role keeps the answers of another', async () => {
    const permission = await permissionOf('authenticated', 'api::category.category.find');
    const write = () =>
      site()
        .query(PERMISSION)
        .delete({ where: { id: permission?.id } });
    expect(await site().effect(['/api/categories'], write)).toEqual(['kept']);
    expect((await site().get('/api/categories', await reader('reader1'))).status).toBe(403);
  });

  it('saving a role without a change keeps the answers of its members', async () => {
    const headers = await reader('reader1');
    const [role] = await site().rows(ROLE, { type: 'authenticated' });
    const write = () =>
      site()
        .query(ROLE)
        .update({ where: { id: role?.id }, data: { name: 'Authenticated', updatedAt: new Date() } });
    expect(await site().effect(['/api/authors'], write, headers)).toEqual(['kept']);
  });

  it('a blocked user is refused at once', async () => {
    const headers = await reader('reader2');
    const [user] = await site().rows(USER, { username: 'reader2' });
    const write = () =>
      site()
        .query(USER)
        .update({ where: { id: user?.id }, data: { blocked: true } });
    expect(await site().effect(['/api/authors'], write, headers)).toEqual(['dropped']);
    expect((await site().get('/api/authors', headers)).status).toBe(401);
  });

  it('noting when a token was last used purges nothing and does not make a request a writing one', async () => {
    const headers = bearer('development-only-read-token');
    const [token] = await site().rows(TOKEN, { name: 'Development only: read' });
    const write = () =>
      site()
        .query(TOKEN)
        .update({ where: { id: token?.id }, data: { lastUsedAt: new Date(0) } });
    expect(await site().effect(['/api/authors'], write, headers)).toEqual(['kept']);
    // this one writes `lastUsedAt`, since the last time was long ago
    await site().get('/api/tags', headers);
    expect((await site().get('/api/tags', headers)).outcome).toBe('HIT');
  });

  it('an expired, a changed and a deleted token are refused at once', async () => {
    const headers = bearer('development-only-articles-token');
    const [token] = await site().rows(TOKEN, { name: 'Development only: list of articles' });
    const set = (data: object) => () =>
      site()
        .query(TOKEN)
        .update({ where: { id: token?.id }, data });
    const past = String(Date.now() - 1000);
    expect(await site().effect(['/api/articles'], set({ expiresAt: past }), headers)).toEqual(['dropped']);
    expect((await site().get('/api/articles', headers)).status).toBe(401);
    await set({ expiresAt: null })();
    const remove = () =>
      site()
        .query(TOKEN)
        .delete({ where: { id: token?.id } });
    const other = '/api/articles?fields[0]=title'; // the refused one is asked for in full for a while
    expect(await site().effect([other], remove, headers)).toEqual(['dropped']);
  });
});
