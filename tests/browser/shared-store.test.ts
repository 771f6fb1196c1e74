import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRedis } from '../support/bridge';
import { useBrowser } from './browser';
import { useBrowserSite } from './site';

const PAGE = '/admin/plugins/upstash-cache';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.stop());

const environment = (): Record<string, string> => ({
  UPSTASH_REDIS_REST_URL: redis.credentials.url,
  UPSTASH_REDIS_REST_TOKEN: redis.credentials.token,
});

describe('an instance that has ended', () => {
  const site = useBrowserSite({}, environment);

  it('leaves its numbers to the others', async () => {
    for (let i = 0; i < 4; i++) await site().get('/api/tags');
    await site().stop();
    expect(Number(await redis.raw('EXISTS', 'strapi:stats'))).toBe(1);
  });
});

describe('the Cache page over a shared store', () => {
  const site = useBrowserSite({ deadline: '2 s' }, environment);
  const open = useBrowser(site);

  it('shows all instances together, or one by itself', async () => {
    for (let i = 0; i < 2; i++) await site().get('/api/authors?sort=name');
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}`);
    const tile = page.getByRole('button', { name: /^Last hour/ });
    await tile.getByText('6 requests').waitFor();
    await page.getByRole('combobox', { name: 'Whose numbers' }).click();
    await page.getByRole('option', { name: /answers this page/ }).click();
    await tile.getByText('2 requests').waitFor();
    await page.getByRole('combobox', { name: 'Whose numbers' }).click();
    await page.getByRole('option', { name: /stopped/ }).click();
    await tile.getByText('4 requests').waitFor();
  });

  it('tells how the store answers, what it costs, and when it does not answer', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}?tab=system`);
    await page.getByText('Healthy').waitFor();
    await page.getByText('closed: commands are sent').waitFor();
    await page.getByText(/95 % below/).waitFor();
    await page.getByText('Commands used').waitFor();
    await page.getByText(/at \$0\.20 for 100,000 commands/).waitFor();
    redis.bridge.fault = () => ({ kind: 'drop' });
    expect((await site().get('/api/categories')).status).toBe(200);
    await page.getByText('Unreachable').waitFor();
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByText('Other instances are missing').waitFor();
    redis.bridge.fault = null;
    await page.getByRole('tab', { name: 'Health' }).click();
    // the store is asked by requests, and by nobody else
    const visits = setInterval(() => void site().get('/api/categories'), 500);
    await page
      .getByText('Healthy')
      .waitFor()
      .finally(() => clearInterval(visits));
  });

  it('never shows the address or the token of the store', async () => {
    const page = await open({ token: site().tokens.admin });
    await page.goto(`${site().origin}${PAGE}?tab=system`);
    await page.getByText('upstash.token').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).not.toContain(redis.credentials.token);
    expect(text).not.toContain(redis.credentials.url);
  });
});
