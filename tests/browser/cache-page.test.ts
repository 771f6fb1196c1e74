import { describe, expect, it } from 'vitest';
import { randomOf, Traffic } from '../../scripts/lib/traffic.mjs';
import { useBrowser } from './browser';
import { useBrowserSite } from './site';

const PAGE = '/admin/plugins/upstash-cache';

describe('the Cache page', () => {
  const site = useBrowserSite();
  const open = useBrowser(site);
  const outcome = async (url: string): Promise<string> => (await site().get(url)).header('x-cache') ?? '';
  const anArticle = async (): Promise<string> => {
    const answer = await site().get('/api/articles?fields=documentId&pagination[pageSize]=1');
    return answer.json<{ data: { documentId: string }[] }>().data[0]?.documentId ?? '';
  };
  /** As the page writes it. */
  const percent = (share: number): string => {
    const digits = share > 0.99 ? 2 : 1;
    const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat('en', { style: 'percent', ...format }).format(share);
  };

  it('is behind a link of the main menu, and says so while nobody has asked', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}/admin/`);
    await page.getByRole('link', { name: 'Cache', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Cache', level: 1 }).waitFor();
    await page.getByText('Nobody has asked the content API yet').waitFor();
  });

  it('shows the hit rate that the X-Cache headers of its visitors give', async () => {
    const traffic = new Traffic({ origin: site().origin, random: randomOf(1) });
    await traffic.open();
    await traffic.send(300);
    const { HIT, MISS, BYPASS } = traffic.counts;
    expect(Math.min(HIT, MISS, BYPASS)).toBeGreaterThan(0);
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    const tile = page.getByRole('button', { name: /^Last hour/ });
    await tile.waitFor();
    expect(await tile.innerText()).toContain(percent(traffic.hitRate ?? NaN));
    expect(await tile.innerText()).toContain(`${HIT + MISS} requests`);
    await page.getByText('/api/articles/:id').first().waitFor();
    await page.getByRole('img', { name: new RegExp(`${HIT} of ${HIT + MISS}`) }).waitFor();
  });

  it('lists entries, finds them, shows one and purges it alone', async () => {
    const page = await open({ token: site().tokens.admin });
    await outcome('/api/categories');
    await outcome('/api/authors');
    await page.goto(`${site().origin}${PAGE}?tab=entries`);
    await page.getByRole('searchbox', { name: 'Search entries' }).fill('/api/categories');
    await page.getByText(/1 of \d+ entries/).waitFor();
    await page.getByRole('button', { name: 'Details of /api/categories' }).click();
    await page.getByText('Everybody who sends no credentials').waitFor();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Purge /api/categories' }).click();
    await page.getByText(/1 entry purged/).waitFor();
    expect(await outcome('/api/categories')).toBe('MISS');
    expect(await outcome('/api/authors')).toBe('HIT');
  });

  it('purges a path pattern after showing what would go', async () => {
    const one = await anArticle();
    await outcome(`/api/articles/${one}`);
    await outcome('/api/categories');
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
    expect(await outcome(`/api/articles/${one}`)).toBe('MISS');
    expect(await outcome('/api/categories')).toBe('HIT');
  });

  it('asks again before it purges everything', async () => {
    await outcome('/api/categories');
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
    expect(await outcome('/api/categories')).toBe('MISS');
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
    for (let i = 0; i < 3; i++) await outcome('/api/tags');
    const page = await open({ token: site().tokens.admin, language: 'fr' });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('tab', { name: 'Vue d’ensemble' }).waitFor();
    await page.getByRole('button', { name: /^Dernière heure/ }).waitFor();
    // a narrow space that does not break, as French typography wants it
    await page
      .getByText(/^\d+(,\d+)?[\u00a0\u202f]%$/)
      .first()
      .waitFor();
  });

  it('fits a narrow screen', async () => {
    const page = await open({ token: site().tokens.admin, width: 390 });
    await page.goto(`${site().origin}${PAGE}`);
    await page.getByRole('button', { name: /^Last hour/ }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  });
});
