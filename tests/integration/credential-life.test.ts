import { createHmac } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, purgeAll } from '../support/content';
import { tokens } from '../support/credentials';
import { addRoutes, readTags } from '../support/routes';
import { useSite } from '../support/strapi';

const URL = '/api/articles';
const ISSUED_LIFE = { expiresIn: '1m' };

const issue = async (strapi: Core.Strapi, email: string, options?: object): Promise<string> => {
  const user = await strapi.db.query('plugin::users-permissions.user').findOne({ where: { email } });
  const jwt = strapi.plugin('users-permissions').service('jwt');
  return `Bearer ${await jwt.issue({ id: user.id }, options)}`;
};

const partner = {
  name: 'partner',
  authenticate: async () => ({ authenticated: true, credentials: { id: 1 } }),
  verify: async () => undefined,
};

describe('a response made for a credential', () => {
  const site = useSite({
    register: ({ strapi }) => {
      const handler = async (ctx: Context): Promise<void> => {
        ctx.body = { tags: await readTags(strapi) };
      };
      addRoutes(strapi, 'life', [
        { path: '/open', handler },
        { path: '/partners', handler, auth: { scope: [], strategies: [partner] } },
      ]);
    },
  });
  beforeEach(() => purgeAll(site().strapi));
  const ask = (authorization: string) => site().get(URL, { authorization });

  it('is gone when the JWT expires, though it would have been fresh for an hour', async () => {
    const authorization = await issue(site().strapi, 'reader1@playground.local', ISSUED_LIFE);
    await ask(authorization);
    const hit = await ask(authorization);
    expect(hit.header('x-cache')).toBe('HIT');
    expect(Number(/ttl=(\d+)/.exec(hit.header('cache-status') ?? '')?.[1])).toBeLessThanOrEqual(60);
    site().date.advance(61_000);
    expect((await ask(authorization)).status).toBe(401);
  });

  it('is gone when the API token expires', async () => {
    const service = site().strapi.service('admin::api-token') as unknown as {
      create(data: object): Promise<{ accessKey: string }>;
    };
    const day = 24 * 3_600_000;
    const name = { name: 'short', description: '', type: 'read-only' };
    const { accessKey } = await service.create({ ...name, kind: 'content-api', lifespan: 7 * day });
    const where = { name: 'short' };
    const expiresAt = new Date(Date.now() + 30_000);
    await site().strapi.db.query('admin::api-token').update({ where, data: { expiresAt } });
    await ask(`Bearer ${accessKey}`);
    expect((await ask(`Bearer ${accessKey}`)).header('x-cache')).toBe('HIT');
    site().date.advance(31_000);
    expect((await ask(`Bearer ${accessKey}`)).header('x-cache')).not.toBe('HIT');
  });

  it('is stored as soon as the credential is good again', async () => {
    const { key, name } = tokens.readOnly;
    const query = site().strapi.db.query('admin::api-token');
    const setLife = (expiresAt: Date | null) => query.update({ where: { name }, data: { expiresAt } });
    await setLife(new Date('2020-01-01'));
    expect((await ask(`Bearer ${key}`)).status).toBe(401);
    await setLife(null);
    const first = await ask(`Bearer ${key}`);
    expect(first.header('cache-status')).toMatch(/stored/);
    expect((await ask(`Bearer ${key}`)).header('x-cache')).toBe('HIT');
  });

  it('is gone when the token is regenerated', async () => {
    const service = site().strapi.service('admin::api-token') as unknown as {
      regenerate(id: number): Promise<{ accessKey: string }>;
    };
    const query = site().strapi.db.query('admin::api-token');
    const { id } = await query.findOne({ where: { name: tokens.readOnly.name } });
    const old = `Bearer ${tokens.readOnly.key}`;
    await ask(old);
    expect((await ask(old)).header('x-cache')).toBe('HIT');
    const { accessKey } = await service.regenerate(id);
    expect((await ask(old)).status).toBe(401);
    expect((await ask(`Bearer ${accessKey}`)).status).toBe(200);
  });

  it('survives the note of when the token was last used', async () => {
    const authorization = `Bearer ${tokens.fullAccess.key}`;
    await ask(authorization);
    const where = { name: tokens.fullAccess.name };
    const lastUsedAt = new Date();
    await site().strapi.db.query('admin::api-token').update({ where, data: { lastUsedAt } });
    expect((await ask(authorization)).header('x-cache')).toBe('HIT');
  });

  it('is not stored when another strategy recognised the caller', async () => {
    for (const detail of ['strategy partner', 'unshared']) {
      const answer = await site().get('/api/partners', { authorization: 'Partner 1' });
      expect(answer.status).toBe(200);
      expect(answer.header('cache-status')).toContain(detail);
    }
  });

  it('is not stored on a route without authentication, where nobody has verified it', async () => {
    for (let i = 0; i < 2; i++) {
      const answer = await site().get('/api/open', { authorization: 'Bearer whatever' });
      expect(answer.header('x-cache')).toBe('MISS');
    }
  });

  it('is never served to a forged token', async () => {
    const real = await issue(site().strapi, 'reader1@playground.local');
    await ask(real);
    const [head, payload] = real.split('.');
    const signature = createHmac('sha256', 'guessed').update(`${head}.${payload}`).digest('base64url');
    expect((await ask(`${head}.${payload}.${signature}`)).status).toBe(401);
  });

  it('leaves nothing secret in keys, logs or the history', async () => {
    await ask(`Bearer ${tokens.fullAccess.key}`);
    const cache = cacheOf(site().strapi);
    const seen = JSON.stringify([
      await cache.explain(URL, `Bearer ${tokens.fullAccess.key}`),
      cache.history(),
      site().log,
    ]);
    expect(seen).not.toContain(tokens.fullAccess.key);
  });
});
