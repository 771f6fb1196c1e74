import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { BrowserSite } from './site';

const EXECUTABLES = [process.env.CHROMIUM_PATH ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'];

/** Nothing that the browser does by itself reaches the network. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--no-first-run',
];

export interface Visitor {
  readonly token: string;
  readonly language?: 'en' | 'fr' | 'de' | 'es';
  readonly width?: number;
}

/** A browser for all tests of the surrounding `describe`; pages are closed after each test. */
export function useBrowser(site: () => BrowserSite): (visitor: Visitor) => Promise<Page> {
  let browser: Browser;
  const mistakes: string[] = [];
  beforeAll(async () => {
    const executablePath = EXECUTABLES.find((it) => it && existsSync(it));
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ARGUMENTS });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(mistakes.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());
  return async ({ token, language = 'en', width = 1440 }) => {
    const context = await browser.newContext({ viewport: { width, height: 1000 } });
    await context.addCookies([{ name: 'jwtToken', value: token, url: site().origin }]);
    await context.addInitScript(
      ([jwt, locale]) => {
        localStorage.setItem('jwtToken', JSON.stringify(jwt));
        localStorage.setItem('isLoggedIn', 'true');
        localStorage.setItem('strapi-admin-language', locale ?? 'en');
        localStorage.setItem('STRAPI_GUIDED_TOUR', JSON.stringify({ enabled: false }));
      },
      [token, language],
    );
    const page = await context.newPage();
    page.on('pageerror', (error) => mistakes.push(error.message));
    return page;
  };
}
