import { describe, expect, it } from 'vitest';
import { useBrowser } from './browser';
import { useBrowserSite } from './site';

const EDIT = '/admin/content-manager/collection-types/api::article.article';

describe('the Content Manager', () => {
  const site = useBrowserSite();
  const open = useBrowser(site);
  const outcome = async (url: string): Promise<string> => (await site().get(url)).header('x-cache') ?? '';
  const twoArticles = async (): Promise<[string, string]> => {
    const answer = await site().get('/api/articles?fields=documentId&pagination[pageSize]=2');
    const [one, other] = answer.json<{ data: { documentId: string }[] }>().data;
    return [one?.documentId ?? '', other?.documentId ?? ''];
  };

  it('tells in which responses a document is, and purges exactly them', async () => {
    const [one, other] = await twoArticles();
    const showing = [
      `/api/articles/${one}`,
      `/api/articles/${one}?populate=*`,
      '/api/articles?pagination[pageSize]=2',
    ];
    const apart = [`/api/articles/${other}`, '/api/categories', '/api/tags'];
    for (const url of [...showing, ...apart]) await outcome(url);
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${EDIT}/${one}`);
    await page.getByText(/stored responses show this document/).waitFor();
    await page.getByRole('button', { name: 'Purge these responses' }).click();
    await page.getByText(/entries purged/).waitFor();
    await page.getByText('No stored response shows this document.').waitFor();
    for (const url of showing) expect([url, await outcome(url)]).toEqual([url, 'MISS']);
    for (const url of apart) expect([url, await outcome(url)]).toEqual([url, 'HIT']);
  });

  it('has an action for it in the edit view, which leaves other documents alone', async () => {
    const [one, other] = await twoArticles();
    for (const id of [one, other]) await outcome(`/api/articles/${id}?fields=title`);
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${EDIT}/${one}`);
    await page.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Purge from cache' }).click();
    await page.getByText(/entr(y|ies) purged/).waitFor();
    expect(await outcome(`/api/articles/${one}?fields=title`)).toBe('MISS');
    expect(await outcome(`/api/articles/${other}?fields=title`)).toBe('HIT');
  });

  it('has an action for it in the list', async () => {
    const [one] = await twoArticles();
    await outcome(`/api/articles/${one}`);
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${EDIT}?_q=${one}`);
    await page.getByRole('button', { name: 'Row actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Purge from cache' }).click();
    await page
      .getByText(/purged/i)
      .first()
      .waitFor();
  });

  it('has the hit rate on the home page', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}/admin/`);
    await page.getByText('Cache hit rate').first().waitFor();
    await page.getByRole('link', { name: 'Open cache' }).waitFor();
  });
});
