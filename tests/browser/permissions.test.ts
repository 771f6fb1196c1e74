import { describe, expect, it } from 'vitest';
import { ENDLESS_WINDOW } from '../support/endless-window';
import { useBrowser } from './browser';
import { useBrowserSite } from './site';

const PAGE = '/admin/plugins/upstash-cache';

/** Every admin route of the plugin, by the action that it needs. */
const ROUTES: readonly (readonly [action: string, method: 'GET' | 'POST', path: string])[] = [
  ['read', 'GET', '/overview'],
  ['read', 'GET', '/entries'],
  ['read', 'GET', '/entries/some-key'],
  ['read', 'GET', '/documents/api::article.article/some-id'],
  ['read', 'GET', '/purges'],
  ['read', 'GET', '/rate-limits'],
  ['purge', 'GET', '/targets'],
  ['purge', 'POST', '/purge'],
  ['purge', 'POST', '/purge/preview'],
  ['reset-limits', 'POST', '/rate-limits/reset'],
  ['configuration', 'GET', '/configuration'],
];

describe('permissions', () => {
  const site = useBrowserSite({
    rateLimit: { policies: [{ name: 'search', quota: 2, window: ENDLESS_WINDOW, paths: ['/api/tags'] }] },
  });
  const open = useBrowser(site);
  const ask = async (method: 'GET' | 'POST', path: string, token?: string): Promise<number> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const url = `/upstash-cache${path}`;
    const answer =
      method === 'GET' ? await site().get(url, headers) : await site().post(url, { all: true }, headers);
    return answer.status;
  };

  describe('of somebody who has none', () => {
    it('hide the link, the widget and the page', async () => {
      await site().get('/api/articles');
      const page = await open({ token: site().tokens.editor });
      await page.goto(`${site().origin}/admin/`);
      await page.getByRole('link', { name: 'Content Manager' }).first().waitFor();
      expect(await page.getByRole('link', { name: 'Cache', exact: true }).count()).toBe(0);
      expect(await page.getByText('Cache hit rate').count()).toBe(0);
      await page.goto(`${site().origin}${PAGE}`);
      await page
        .getByText(/permissions/i)
        .first()
        .waitFor();
      expect(await page.getByRole('heading', { name: 'Cache', level: 1 }).count()).toBe(0);
    });

    it.each(ROUTES)('(%s) refuse %s %s, and so do they without signing in', async (_action, method, path) => {
      expect(await ask(method, path, site().tokens.editor)).toBe(403);
      expect(await ask(method, path)).toBe(401);
    });
  });

  describe('of somebody who may look', () => {
    it('show the page without what would change something, and without the configuration', async () => {
      await site().get('/api/articles');
      const page = await open({ token: site().tokens.viewer });
      await page.goto(`${site().origin}/admin/`);
      await page.getByRole('link', { name: 'Cache', exact: true }).first().click();
      await page.getByRole('heading', { name: 'Cache', level: 1 }).waitFor();
      await page.getByRole('button', { name: /^Last hour/ }).waitFor();
      expect(await page.getByRole('button', { name: /^Purge/ }).count()).toBe(0);
      await page.getByRole('tab', { name: 'Entries' }).click();
      await page
        .getByRole('button', { name: /^Details of/ })
        .first()
        .waitFor();
      expect(await page.getByRole('button', { name: /^Purge/ }).count()).toBe(0);
      await page.getByRole('tab', { name: 'Health' }).click();
      await page.getByText('Healthy').waitFor();
      expect(await page.getByText('Configuration in force').count()).toBe(0);
    });

    it.each(ROUTES)('(%s) answer for %s %s as they say', async (action, method, path) => {
      const status = await ask(method, path, site().tokens.viewer);
      if (action === 'read') expect([200, 404]).toContain(status);
      else expect(status).toBe(403);
    });
  });

  describe('of an administrator', () => {
    it('let a caller in again whom a rate limit refuses', async () => {
      const statuses: number[] = [];
      for (let i = 0; i < 3; i++) statuses.push((await site().get('/api/tags')).status);
      expect(statuses).toEqual([200, 200, 429]);
      const page = await open({ token: site().tokens.admin });
      await page.goto(`${site().origin}${PAGE}?tab=limits`);
      await page.getByText('ip:127.0.0.*').waitFor();
      await page.getByRole('button', { name: 'Let in again' }).click();
      await page.getByText('The quota is whole again.').waitFor();
      expect((await site().get('/api/tags')).status).toBe(200);
    });
  });

  it('are given by name in the settings of a role', async () => {
    const page = await open({ token: site().tokens.admin });
    const roles = await site().get('/admin/roles', { authorization: `Bearer ${site().tokens.admin}` });
    const { data } = roles.json<{ data: { id: number; code: string }[] }>();
    const { id } = data.find(({ code }) => code === 'strapi-author') ?? { id: 0 };
    await page.goto(`${site().origin}/admin/settings/roles/${id}`);
    await page.getByRole('tab', { name: 'Plugins' }).click();
    await page.getByRole('button', { name: /upstash.cache/i }).click();
    for (const name of ['See statistics, entries and purges', 'Purge', 'Reset rate limits'])
      await page.getByText(name, { exact: true }).first().waitFor();
  });
});
