import type { Core } from '@strapi/strapi';
import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../support/content';
import { readers, tokens } from '../support/credentials';
import { addRoutes, readTags } from '../support/routes';
import { useSite, type Site } from '../support/strapi';

const [reader1, reader2] = readers;

const login = async (
  site: Site,
  { email, password }: { email: string; password: string },
): Promise<string> => {
  const body = JSON.stringify({ identifier: email, password });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const answer = await site.send('/api/auth/local', { method: 'POST', headers, body });
  return `Bearer ${answer.json<{ jwt: string }>().jwt}`;
};

const bearer = ({ key }: { key: string }): string => `Bearer ${key}`;

const changeRole = (strapi: Core.Strapi, email: string, role: number): Promise<unknown> =>
  strapi.db.query('plugin::users-permissions.user').update({ where: { email }, data: { role } });

describe('callers who share nothing', () => {
  const site = useSite();
  beforeEach(() => purgeAll(site().strapi));
  const URL = '/api/articles';

  it('are kept apart: the public, a token, another token, a user', async () => {
    const user = await login(site(), reader1);
    const callers = [undefined, bearer(tokens.readOnly), bearer(tokens.fullAccess), user];
    for (const authorization of callers) {
      const headers = { ...(authorization !== undefined && { authorization }) };
      expect((await site().get(URL, headers)).header('x-cache'), authorization).toBe('MISS');
      expect((await site().get(URL, headers)).header('x-cache'), authorization).toBe('HIT');
    }
  });

  it('get their own account, never that of another', async () => {
    for (const reader of [reader1, reader2, reader1, reader2]) {
      const authorization = await login(site(), reader);
      const answer = await site().get('/api/users/me', { authorization });
      expect(answer.json<{ email: string }>().email).toBe(reader.email);
    }
  });

  it('are refused at once when their token is deleted', async () => {
    const authorization = bearer(tokens.articles);
    await site().get(URL, { authorization });
    expect((await site().get(URL, { authorization })).header('x-cache')).toBe('HIT');
    await site()
      .strapi.db.query('admin::api-token')
      .delete({ where: { name: tokens.articles.name } });
    expect((await site().get(URL, { authorization })).status).toBe(401);
  });

  it('are refused at once when they are blocked', async () => {
    const authorization = await login(site(), reader2);
    const me = '/api/users/me';
    await site().get(me, { authorization });
    expect((await site().get(me, { authorization })).header('x-cache')).toBe('HIT');
    const users = site().strapi.db.query('plugin::users-permissions.user');
    await users.update({ where: { email: reader2.email }, data: { blocked: true } });
    expect((await site().get(me, { authorization })).status).toBe(401);
  });

  it('are refused at once when the permission of the public is taken away', async () => {
    await site().get('/api/tags');
    expect((await site().get('/api/tags')).header('x-cache')).toBe('HIT');
    await site()
      .strapi.db.query('plugin::users-permissions.permission')
      .delete({ where: { action: 'api::tag.tag.find', role: { type: 'public' } } });
    expect((await site().get('/api/tags')).status).toBe(403);
  });

  it('with an invalid credential are refused, whatever others were given', async () => {
    await site().get(URL, { authorization: bearer(tokens.readOnly) });
    expect((await site().get(URL, { authorization: 'Bearer wrong' })).status).toBe(401);
  });
});

describe('users who share what their role gets', () => {
  /** Holds authentication back while it is closed. */
  const door = { closed: null as Promise<void> | null, reached: (): void => undefined };
  const site = useSite({
    cache: { rules: [{ path: '/api/role', callers: 'role' }] },
    register: ({ strapi }) => {
      const auth = strapi.get('auth') as { authenticate(...args: unknown[]): Promise<unknown> };
      const authenticate = auth.authenticate.bind(auth);
      auth.authenticate = async (...args) => {
        door.reached();
        await door.closed;
        return authenticate(...args);
      };
      addRoutes(strapi, 'role', [
        {
          path: '/role',
          members: true,
          handler: async (ctx) => ({
            tags: await readTags(strapi),
            role: (ctx.state.user as { role: { name: string } }).role.name,
          }),
        },
      ]);
    },
  });
  const editors = async (): Promise<number> => {
    const role = await site()
      .strapi.db.query('plugin::users-permissions.role')
      .create({ data: { name: 'Editors', type: 'editors' } });
    return (role as { id: number }).id;
  };
  const ask = (authorization: string, more = '') => site().get(`/api/role?n=${more}`, { authorization });

  it('have one entry', async () => {
    const first = await login(site(), reader1);
    const second = await login(site(), reader2);
    await ask(first);
    await ask(second); // who is not known yet runs the handler once
    expect((await ask(first)).header('x-cache')).toBe('HIT');
    await ask(first, 'other');
    expect((await ask(second, 'other')).header('x-cache')).toBe('HIT');
  });

  it('never get what was made for one whose role changes meanwhile', async () => {
    const first = await login(site(), reader1);
    const second = await login(site(), reader2);
    for (const who of [first, second]) await ask(who, 'known');
    const role = await editors();

    let open = (): void => undefined;
    const reached = new Promise<void>((resolve) => (door.reached = resolve));
    door.closed = new Promise((resolve) => (open = resolve));
    const leader = ask(first, 'race');
    await reached;
    await changeRole(site().strapi, reader1.email, role);
    const arrived = new Promise((resolve) => site().strapi.server.httpServer.once('request', resolve));
    const follower = ask(second, 'race');
    await arrived;
    open();
    expect((await leader).json<{ role: string }>().role).toBe('Editors');
    expect((await follower).json<{ role: string }>().role).toBe('Authenticated');
  });
});
