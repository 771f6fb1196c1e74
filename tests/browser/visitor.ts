import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

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
  /** Of an administrator who has signed in. */
  readonly token: string;
  readonly language?: 'en' | 'fr' | 'de' | 'es';
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = EXECUTABLES.find((it) => it && existsSync(it));
  return chromium.launch({ ...(executablePath && { executablePath }), args: ARGUMENTS });
}

/** A browser window of somebody who has signed in. */
export async function openContext(
  browser: Browser,
  origin: string,
  visitor: Visitor,
): Promise<BrowserContext> {
  const { token, language = 'en', width = 1440, theme = 'light' } = visitor;
  const context = await browser.newContext({ viewport: { width, height: 1000 }, colorScheme: theme });
  await context.addCookies([{ name: 'jwtToken', value: token, url: origin }]);
  await context.addInitScript(
    (stored) => {
      // Strapi’s own announcements are closed already
      const { getItem } = Storage.prototype;
      Storage.prototype.getItem = function (name) {
        return /BANNER_DISMISSED/.test(name) ? 'true' : getItem.call(this, name);
      };
      for (const [name, value] of stored) localStorage.setItem(name, value);
    },
    [
      ['jwtToken', JSON.stringify(token)],
      ['isLoggedIn', 'true'],
      ['strapi-admin-language', language],
      ['STRAPI_THEME', theme],
      ['STRAPI_GUIDED_TOUR', JSON.stringify({ enabled: false })],
    ] as const,
  );
  return context;
}
