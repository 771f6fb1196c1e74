import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { BrowserSite } from './site';
import { launchBrowser, openContext, type Visitor } from './visitor';

/** How long a page may take: other work may share the machine. */
const PATIENCE_MS = 90_000;

/** A browser for all tests of the surrounding `describe`; pages are closed after each test. */
export function useBrowser(site: () => BrowserSite): (visitor: Visitor) => Promise<Page> {
  let browser: Browser;
  const mistakes: string[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(mistakes.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());
  return async (visitor) => {
    const context = await openContext(browser, site().origin, visitor);
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => mistakes.push(error.message));
    return page;
  };
}
