import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { randomOf, Traffic } from '../../scripts/lib/traffic.mjs';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { TestRedis } from '../support/bridge';
import { prepareTemplate } from '../support/template';
import { busyShots, emptyShots, sharedShots, type Shot } from './shots';
import { startBrowserSite, type BrowserSite } from './start-site';
import { launchBrowser, openContext } from './visitor';

const HOUR = 3_600_000;

const OPTIONS: UpstashCacheConfig = {
  rateLimit: {
    policies: [
      { name: 'reading', quota: { anonymous: 3000, authenticated: 9000 }, window: '1 m', hits: 0.1 },
      { name: 'search', quota: 2, window: '1 m', paths: ['/api/tags'] },
      { name: 'strict', quota: 100, window: '1 m', dryRun: true },
    ],
  },
  rules: [{ contentType: 'api::comment.comment', ttl: '1 m' }],
};

/** A day of readers, more of them by day than by night, with an editor who changes something now and then. */
async function live(site: BrowserSite, hours: number): Promise<void> {
  const random = randomOf(7);
  const traffic = new Traffic({ origin: site.origin, random, token: 'development-only-read-token' });
  await site.turnBack(hours * HOUR);
  await traffic.open();
  const step = hours > 2 ? 0.25 : 1 / 30;
  for (let back = hours; back >= 0; back -= step) {
    await site.turnBack(back * HOUR);
    const day = hours > 2 ? 1.2 + Math.sin(((24 - back) / 24) * 2 * Math.PI - 1.4) : 1;
    await traffic.send(Math.ceil(day * (hours > 2 ? 60 : 40)), 4);
    if (random() < 0.15) await edit(site, traffic.articles[Math.floor(random() * 10)] ?? '');
  }
  await site.turnBack(0);
}

const edit = (site: BrowserSite, id: string) =>
  fetch(`${site.origin}/api/articles/${id}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer development-only-full-access-token',
    },
    body: JSON.stringify({ data: { rating: 1 + (Number.parseInt(id, 36) % 5 || 0) } }),
  });

async function take(
  browser: Browser,
  site: BrowserSite,
  folder: string,
  shots: readonly Shot[],
): Promise<void> {
  for (const shot of shots)
    for (const [look, visitor] of Object.entries(shot.looks)) {
      const token = site.tokens[shot.as ?? 'admin'];
      const context = await openContext(browser, site.origin, { ...visitor, token });
      const page = await context.newPage();
      const file = path.join(folder, `${shot.name}-${look}.png`);
      try {
        await shot.before?.(page);
        await page.goto(site.origin + shot.path);
        await shot.then(page);
        await page.waitForTimeout(400);
        await page.setViewportSize({ width: visitor.width ?? 1440, height: await tall(page) });
        await page.waitForTimeout(300);
      } catch (error) {
        console.log(`${shot.name}-${look}: ${String(error).split('\n')[0]}`);
      }
      await page.screenshot({ path: file });
      await context.close();
      console.log(path.basename(file));
    }
}

/** The admin panel scrolls inside of itself: the window must be as tall as what is in it. */
const tall = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const heights = [...document.querySelectorAll('main, body, main > div')].map((it) => it.scrollHeight);
    return Math.min(3600, Math.max(1000, ...heights));
  });

/** @param only beginnings of the names of the pictures that are wanted; none for all */
export async function takeAll(folder: string, only: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const wanted = (shots: readonly Shot[]): Shot[] =>
    shots.filter(({ name }) => only.length === 0 || only.some((it) => name.startsWith(it)));
  const template = await prepareTemplate();
  const browser = await launchBrowser();
  const on = async (
    shots: (site: BrowserSite) => Promise<readonly Shot[]> | readonly Shot[],
    prepare: (site: BrowserSite) => Promise<void>,
    options: UpstashCacheConfig = {},
    environment: Record<string, string> = {},
  ): Promise<void> => {
    const site = await startBrowserSite(template, options, environment);
    try {
      await prepare(site);
      await take(browser, site, folder, wanted(await shots(site)));
    } finally {
      await site.stop();
    }
  };
  const any = (...names: string[]): boolean =>
    only.length === 0 || only.some((it) => names.some((name) => it.startsWith(name) || name.startsWith(it)));

  if (any('empty'))
    await on(
      () => emptyShots,
      async () => undefined,
    );
  if (any('busy', 'entry', 'purge', 'edit', 'widget', 'viewer', 'forbidden', 'loading', 'error'))
    await on(busyShots, (site) => live(site, 24), OPTIONS);
  if (any('shared', 'down')) {
    const redis = await TestRedis.start();
    const { url, token } = redis.credentials;
    const environment = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token };
    await on(
      () => [],
      (site) => live(site, 1),
      {},
      environment,
    );
    await on(
      () => sharedShots('shared'),
      async (site) => {
        await live(site, 1);
      },
      {},
      environment,
    );
    await on(
      () => sharedShots('down'),
      async (site) => {
        await live(site, 0.2);
        redis.bridge.fault = () => ({ kind: 'drop' });
        await edit(
          site,
          (await site.get('/api/articles?pagination[pageSize]=1')).json<{ data: { documentId: string }[] }>()
            .data[0]?.documentId ?? '',
        );
      },
      {},
      environment,
    );
    await redis.stop();
  }
  await browser.close();
}
