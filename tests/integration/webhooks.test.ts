import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { describeConfiguration } from '../../server/src/services/admin-configuration';
import { cacheOf, documents } from '../support/content';
import { startReceiver } from '../support/receiver';
import { runtimeOf } from '../support/runtime';
import { useSite, type Site } from '../support/strapi';
import { until } from '../support/until';

const SECRET = 'a secret of both sides';
const [first, second, deaf] = [await startReceiver(), await startReceiver(), await startReceiver()];
const everyone = [first, second, deaf];
afterAll(async () => void (await Promise.all(everyone.map((it) => it.close()))));

const articlesOf = (site: Site) => documents(site.strapi, 'api::article.article');

/** Waits for a notice that names something, and gives all that came. */
const named = async (receiver: typeof first, tag: string): Promise<string[]> => {
  const all = (): string[] => receiver.received.flatMap(({ notice }) => notice.tags);
  await until(`a notice of ${tag}`, () => all().includes(tag));
  return all();
};

describe('a site with webhooks', () => {
  const site = useSite({
    cache: {
      downstream: {
        webhooks: [
          { url: first.url, secret: SECRET },
          { url: second.url, secret: SECRET, paths: false },
          { url: deaf.url, secret: SECRET },
        ],
      },
    },
  });
  beforeEach(() => {
    deaf.answer = () => {}; // takes the request and never answers
    for (const it of everyone) it.received.length = 0;
  });

  it('tells which documents fell after a publish, and no others', async () => {
    const [one, other] = await articlesOf(site()).findMany({ status: 'published', limit: 2 });
    if (!one || !other) throw new Error('the seed has articles');
    await articlesOf(site()).update({ documentId: one.documentId, data: { summary: 'Told' } });
    await articlesOf(site()).publish({ documentId: one.documentId });
    const tags = await named(first, `article:${one.documentId}`);
    expect(tags).toContain('article');
    expect(tags).not.toContain(`article:${other.documentId}`);
    expect(tags).not.toContain('article:all');
    expect(tags).not.toContain('shared.seo:all');
  });

  it('tells a deleted document, whose rows nobody can ask any more', async () => {
    const made = await articlesOf(site()).create({ data: { title: 'Short life', slug: 'short-life' } });
    await articlesOf(site()).publish({ documentId: made.documentId });
    await named(first, `article:${made.documentId}`);
    first.received.length = 0;
    await articlesOf(site()).delete({ documentId: made.documentId });
    expect(await named(first, `article:${made.documentId}`)).not.toContain('article:all');
  });

  it('tells the paths that fell here, to those who want them', async () => {
    await site().get('/api/articles?pagination[pageSize]=3');
    await cacheOf(site().strapi).purge({ types: ['api::article.article'] });
    await until('the path came', () =>
      first.received.some(({ notice }) => notice.paths.includes('/api/articles')),
    );
    await named(second, 'article:all');
    expect(second.received.flatMap(({ notice }) => notice.paths)).toEqual([]);
  });

  it('tells a purge of everything, and of tags of the application', async () => {
    await cacheOf(site().strapi).purge({ tags: ['rates'] });
    await named(first, 'rates');
    await cacheOf(site().strapi).purge({ all: true });
    await until('everything fell', () => first.received.some(({ notice }) => notice.all));
  });

  it('tells nothing but names: no column, no value, no secret', async () => {
    const email = 'someone@example.com';
    const data = { username: 'someone', email, password: 'Pass-word-1', confirmed: true, provider: 'local' };
    await site().strapi.db.query('plugin::users-permissions.user').create({ data });
    const tags = await named(first, 'users-permissions.user');
    expect(first.received.map(({ text }) => text).join()).not.toContain(email);
    for (const tag of tags) expect(tag).toMatch(/^[\w.-]+(:\w+)?(:links)?$/);
  });

  it('signs what it sends with the secret and the time', async () => {
    await cacheOf(site().strapi).purge({ tags: ['signed'] });
    await named(first, 'signed');
    const [one] = first.received;
    const text = String(one?.text);
    const [, seconds = '', digest] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(one?.headers['x-upstash-cache-signature'])) ?? [];
    expect(digest).toBe(createHmac('sha256', SECRET).update(`${seconds}.${text}`).digest('hex'));
    expect(Math.abs(Date.now() / 1000 - Number(seconds))).toBeLessThan(60);
  });

  it('gathers purges that follow each other into one notice', async () => {
    for (let i = 0; i < 20; i++) await cacheOf(site().strapi).purge({ tags: [`n${i}`] });
    await named(first, 'n19');
    expect(first.received.length).toBeLessThanOrEqual(3);
  });

  it('sends again what was not taken, and says so once in the log', async () => {
    let refusals = 1;
    first.answer = (response) => {
      response.statusCode = refusals-- > 0 ? 503 : 200;
      response.end();
    };
    await cacheOf(site().strapi).purge({ tags: ['stubborn'] });
    await until(
      'it came twice',
      () => first.received.filter(({ text }) => text.includes('stubborn')).length > 1,
    );
    await until('the log says so', () => site().log.some((line) => line.includes('has taken what waited')));
    const lines = site().log.filter((line) => line.includes('did not take a purge: status 503'));
    expect(lines).toHaveLength(1);
    expect(site().log.join('\n')).not.toContain(SECRET);
  });

  it('waits for a receiver neither with the writer nor with another receiver', async () => {
    const { documentId } = await articlesOf(site()).findFirst({});
    const begun = performance.now();
    await articlesOf(site()).update({ documentId, data: { summary: 'At once' } });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await named(second, `article:${documentId}`);
    expect(deaf.received.length).toBeLessThanOrEqual(1);
  });

  it('shows the admin panel neither an address nor a secret', () => {
    const { settings } = describeConfiguration(runtimeOf(site().strapi));
    const shown = settings.filter(({ path }) => path.startsWith('downstream.webhooks[0]'));
    expect(shown.map(({ value }) => value)).toEqual([true, true, true]);
    expect(JSON.stringify(settings)).not.toContain(SECRET);
    expect(JSON.stringify(settings)).not.toContain(first.url);
  });

  it('follows no redirection', async () => {
    first.answer = (response) => void response.writeHead(302, { location: second.url }).end();
    await cacheOf(site().strapi).purge({ tags: ['elsewhere'] });
    await named(second, 'elsewhere');
    await until('it was refused', () => site().log.some((line) => line.includes('status 302')));
    first.answer = (response) => void response.end();
    expect(second.received.filter(({ text }) => text.includes('elsewhere'))).toHaveLength(1);
  });
});

describe('a site that stops', () => {
  const site = useSite({ cache: { downstream: { webhooks: [{ url: first.url, secret: SECRET }] } } });

  it('sends what it has gathered first', async () => {
    first.received.length = 0;
    await cacheOf(site().strapi).purge({ tags: ['last-words'] });
    await site().stop();
    expect(first.received.map(({ text }) => text).join()).toContain('last-words');
  });
});
