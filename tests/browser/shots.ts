import type { Page } from 'playwright-core';
import type { BrowserSite } from './start-site';
import type { Visitor } from './visitor';

const PAGE = '/admin/plugins/upstash-cache';
const ARTICLES = '/admin/content-manager/collection-types/api::article.article';

type Look = Omit<Visitor, 'token'>;

const WIDE: Look = {};
const DARK: Look = { theme: 'dark' };
const NARROW: Look = { width: 390 };
const NARROW_DARK: Look = { width: 390, theme: 'dark' };

export interface Shot {
  readonly name: string;
  readonly path: string;
  readonly looks: Readonly<Record<string, Look>>;
  readonly as?: keyof BrowserSite['tokens'];
  /** Before the page is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Brings the page into its state, and waits for it. */
  readonly then: (page: Page) => Promise<unknown>;
}

const LOOKS = { wide: WIDE, dark: DARK, narrow: NARROW, 'narrow-dark': NARROW_DARK };

const first = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

export async function busyShots(site: BrowserSite): Promise<Shot[]> {
  const answer = await site.get(
    '/api/articles?fields=documentId&sort=publishedOn:desc&pagination[pageSize]=1',
  );
  const article = answer.json<{ data: { documentId: string }[] }>().data[0]?.documentId ?? '';
  for (const url of ['', '?populate=*', '?fields=title']) await site.get(`/api/articles/${article}${url}`);
  const tab = (name: string, mark: string | RegExp): Shot => ({
    name: `busy-${name}`,
    path: `${PAGE}?tab=${name}`,
    looks: LOOKS,
    then: (page) => first(page, mark),
  });
  return [
    {
      name: 'busy-overview',
      path: PAGE,
      looks: { ...LOOKS, french: { language: 'fr' }, german: { language: 'de' } },
      then: async (page) => {
        await page.getByRole('img').first().waitFor();
        if (!page.url().includes('tab')) await page.locator('[role=group] button').nth(1).click();
        await page.waitForTimeout(800);
      },
    },
    {
      name: 'busy-hour',
      path: PAGE,
      looks: { wide: WIDE },
      then: (page) => page.getByRole('img').first().waitFor(),
    },
    {
      name: 'busy-week',
      path: PAGE,
      looks: { wide: WIDE },
      then: async (page) => {
        await page.locator('[role=group] button').nth(2).click();
        await page.waitForTimeout(800);
        await page
          .getByRole('img')
          .first()
          .hover({ position: { x: 850, y: 120 } });
      },
    },
    tab('entries', /in the memory of this instance/),
    tab('purges', 'Updated'),
    tab('limits', 'reading'),
    tab('system', 'memory.maxSize'),
    {
      name: 'entry-details',
      path: `${PAGE}?tab=entries`,
      looks: LOOKS,
      then: async (page) => {
        await page
          .getByRole('button', { name: /^Details of/ })
          .first()
          .click();
        await first(page, 'Stored headers');
      },
    },
    {
      name: 'purge-dialog',
      path: PAGE,
      looks: LOOKS,
      then: async (page) => {
        await page.getByRole('button', { name: /^Purge/ }).click();
        await page.getByRole('combobox', { name: 'What to purge' }).click();
        await page.getByRole('option', { name: 'A path pattern' }).click();
        await page.getByRole('textbox', { name: 'Path pattern' }).fill('/api/articles/**');
        await first(page, /would go/);
      },
    },
    {
      name: 'purge-confirm',
      path: PAGE,
      looks: { wide: WIDE, dark: DARK, narrow: NARROW },
      then: async (page) => {
        await page.getByRole('button', { name: /^Purge/ }).click();
        await page.getByRole('combobox', { name: 'What to purge' }).click();
        await page.getByRole('option', { name: 'Everything' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true }).click();
        await page.getByRole('alertdialog').waitFor();
      },
    },
    {
      name: 'edit-view',
      path: `${ARTICLES}/${article}`,
      looks: LOOKS,
      then: (page) => first(page, /stored responses? shows? this document/),
    },
    {
      name: 'widget',
      path: '/admin/',
      looks: LOOKS,
      then: (page) => first(page, 'Open cache'),
    },
    {
      name: 'viewer',
      path: `${PAGE}?tab=entries`,
      as: 'viewer',
      looks: { wide: WIDE },
      then: (page) => first(page, /in the memory of this instance/),
    },
    {
      name: 'forbidden',
      path: PAGE,
      as: 'editor',
      looks: { wide: WIDE, dark: DARK },
      then: (page) => first(page, /permissions/i),
    },
    {
      name: 'loading',
      path: PAGE,
      looks: { wide: WIDE, dark: DARK },
      before: (page) => page.route('**/upstash-cache/overview*', () => undefined),
      then: (page) => page.getByRole('heading', { name: 'Cache', level: 1 }).waitFor(),
    },
    {
      name: 'error',
      path: PAGE,
      looks: { wide: WIDE, dark: DARK, narrow: NARROW },
      before: (page) =>
        page.route('**/upstash-cache/overview*', (route) =>
          route.fulfill({
            status: 500,
            json: {
              data: null,
              error: { status: 500, name: 'InternalServerError', message: 'Internal Server Error' },
            },
          }),
        ),
      then: (page) => first(page, 'Try again'),
    },
  ];
}

export const emptyShots: readonly Shot[] = (
  [
    ['overview', /.+/],
    ['entries', /stored/],
    ['purges', /purged/i],
    ['limits', /rate limits/i],
    ['system', 'memory.maxSize'],
  ] as const
).map(([name, mark]) => ({
  name: `empty-${name}`,
  path: `${PAGE}?tab=${name}`,
  looks: { wide: WIDE, dark: DARK, narrow: NARROW },
  then: async (page: Page) => {
    await page.getByRole('heading', { name: 'Cache', level: 1 }).waitFor();
    await page.waitForTimeout(500);
    await first(page, mark);
  },
}));

export const sharedShots = (state: string): readonly Shot[] => [
  {
    name: `${state}-overview`,
    path: PAGE,
    looks: { wide: WIDE, dark: DARK, narrow: NARROW },
    then: (page) => page.getByRole('img').first().waitFor(),
  },
  {
    name: `${state}-system`,
    path: `${PAGE}?tab=system`,
    looks: { wide: WIDE, dark: DARK, narrow: NARROW },
    then: (page) => first(page, 'memory.maxSize'),
  },
];
