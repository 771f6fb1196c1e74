import { describe, expect, it } from 'vitest';
import { useBrowser } from './browser';
import { useBrowserSite } from './site';

const PAGE = '/admin/plugins/upstash-cache';

describe('the Cache page', () => {
  const site = useBrowserSite();
  const open = useBrowser(site);
  const counted = { HIT: 0, MISS: 0, BYPASS: 0 };
  const ask = async (url: string): Promise<string> => {
    const outcome = (await site().get(url)).header('x-cache') ?? '';
    if (outcome in counted) counted[outcome as keyof typeof counted]++;
    return outcome;
  };
  const articles = async (): Promise<string[]> => {
    const response = await fetch(`${site().origin}/api/articles?fields=documentId&pagination[pageSize]=5`);
    counted[(response.headers.get('x-cache') ?? 'MISS') as keyof typeof counted]++;
    const { data } = (await response.json()) as { data: { documentId: string }[] };
    return data.map((it) => it.documentId);
  };

  it('is behind a link of the main menu, and says so while nobody has asked', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}/admin/`);
    await page.getByRole('link', { name: 'Cache', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Cache', level: 1 }).waitFor();
    await page.getByText('Nobody has asked the content API yet').waitFor();
  });

  it('shows the hit rate that X-Cache headers give', async () => {
    const ids = await articles();
    for (let round = 0; round < 5; round++) for (const id of ids) await ask(`/api/articles/${id}?populate=*`);
    for (let round = 0; round < 3; round++) await ask('/api/categories');
    await ask('/api/no-such-route');
    const share = counted.HIT / (counted.HIT + counted.MISS);
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    const shown = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }).format(share);
    const tile = page.getByRole('button', { name: /^Last hour/ });
    await tile.waitFor();
    expect(await tile.innerText()).toContain(shown);
    expect(await tile.innerText()).toContain(`${counted.HIT + counted.MISS} requests`);
    await page.getByText('/api/articles/:id').first().waitFor();
    await page
      .getByRole('img', { name: new RegExp(`${counted.HIT} of ${counted.HIT + counted.MISS}`) })
      .waitFor();
  });

  it('lists entries, finds them, shows one and purges it alone', async () => {
    const page = await open({ token: site().tokens.admin });
    await ask('/api/categories');
    await ask('/api/authors');
    await page.goto(`${site().origin}${PAGE}?tab=entries`);
    await page.getByRole('textbox', { name: 'Search entries' }).fill('/api/categories');
    await page.getByText(/1 of \d+ entries/).waitFor();
    await page.getByRole('button', { name: 'Details of /api/categories' }).click();
    await page.getByText('Everybody who sends no credentials').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Purge /api/categories' }).click();
    await page.getByText(/1 entry purged/).waitFor();
    expect(await ask('/api/categories')).toBe('MISS');
    expect(await ask('/api/authors')).toBe('HIT');
  });

  it('purges a path pattern after showing what would go', async () => {
    const [one = ''] = await articles();
    await ask(`/api/articles/${one}`);
    await ask('/api/categories');
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('button', { name: /^Purge/ }).click();
    await page.getByRole('combobox', { name: 'What to purge' }).click();
    await page.getByRole('option', { name: 'A path pattern' }).click();
    await page.getByRole('textbox', { name: 'Path pattern' }).fill(`/api/articles/${one}`);
    await page
      .getByText(/entries would go|of \d+ entries/)
      .first()
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true }).click();
    await page.getByText(/entr(y|ies) purged/).waitFor();
    expect(await ask(`/api/articles/${one}`)).toBe('MISS');
    expect(await ask('/api/categories')).toBe('HIT');
  });

  it('asks again before it purges everything', async () => {
    await ask('/api/categories');
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('button', { name: /^Purge/ }).click();
    await page.getByRole('combobox', { name: 'What to purge' }).click();
    await page.getByRole('option', { name: 'Everything' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('Everything will be dropped').waitFor();
    await question.getByRole('button', { name: 'Purge' }).click();
    await page.getByText(/entr(y|ies) purged/).waitFor();
    expect(await ask('/api/categories')).toBe('MISS');
    await page.getByRole('tab', { name: 'Purges' }).click();
    await page.getByText('Purged by hand').first().waitFor();
    await page.getByText('Playground Admin').first().waitFor();
  });

  it('refuses a malformed path in words', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('button', { name: /^Purge/ }).click();
    await page.getByRole('combobox', { name: 'What to purge' }).click();
    await page.getByRole('option', { name: 'A path pattern' }).click();
    await page.getByRole('textbox', { name: 'Path pattern' }).fill('articles');
    await page.getByText('a path pattern starts with "/"').waitFor();
    const purge = page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true });
    expect(await purge.isDisabled()).toBe(true);
  });

  it('shows health and configuration without secrets', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}?tab=system`);
    await page.getByText('Healthy').waitFor();
    await page.getByText('memory.maxSize').waitFor();
    await page.getByText('64 MB').first().waitFor();
  });

  it('speaks French', async () => {
    const page = await open({ token: site().tokens.admin, language: 'fr' });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('tab', { name: 'Vue d’ensemble' }).waitFor();
    await page.getByRole('button', { name: /^Dernière heure/ }).waitFor();
    expect(
      await page
        .getByText(/^\d+(,\d)? %$/)
        .first()
        .innerText(),
    ).toMatch(/\d\s%$/);
  });

  it('fits a narrow screen', async () => {
    const page = await open({ token: site().tokens.admin, width: 420 });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('button', { name: /^Last hour/ }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(420);
  });
});
