import type { Core } from '@strapi/strapi';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../server/src/core/entry';
import { cacheOf, documents } from '../support/content';
import { startReceiver } from '../support/receiver';
import { runtimeOf } from '../support/runtime';
import { useSite, type Site } from '../support/strapi';
import { until } from '../support/until';

const receiver = await startReceiver();
afterAll(() => receiver.close());

const URLS = [
  '/api/articles',
  '/api/articles?pagination[pageSize]=2&sort=title',
  '/api/articles?populate=*&pagination[pageSize]=100',
  '/api/articles?fields[0]=title&populate[author][fields][0]=name',
  '/api/articles?filters[author][name][$contains]=a&populate[tags]=true',
  '/api/articles?filters[tags][name][$notNull]=true',
  '/api/authors?populate=articles',
  '/api/tags?populate=*',
  '/api/categories?populate[articles][populate][cover]=true',
  '/api/pages?populate=*',
  '/api/homepage?populate=*',
  '/api/upload/files',
];

type Write = (strapi: Core.Strapi) => Promise<unknown>;
const ARTICLE = 'api::article.article';
const article = (strapi: Core.Strapi) => documents(strapi, ARTICLE);
const first = async (strapi: Core.Strapi, uid: string): Promise<string> =>
  (await documents(strapi, uid).findFirst({})).documentId;

const WRITES: Record<string, Write> = {
  'a draft is saved': async (strapi) =>
    article(strapi).update({ documentId: await first(strapi, ARTICLE), data: { title: 'Draft' } }),
  'an article is published': async (strapi) =>
    article(strapi).publish({ documentId: await first(strapi, ARTICLE) }),
  'an article is unpublished': async (strapi) =>
    article(strapi).unpublish({ documentId: await first(strapi, ARTICLE) }),
  'an article is created and published': async (strapi) =>
    article(strapi).create({ data: { title: 'New', slug: 'new-one' }, status: 'published' }),
  'a published article gets another author': async (strapi) =>
    article(strapi).update({
      documentId: await first(strapi, ARTICLE),
      data: { author: (await documents(strapi, 'api::author.author').findMany({ limit: 2 }))[1]?.documentId },
      status: 'published',
    }),
  'an author is renamed': async (strapi) =>
    documents(strapi, 'api::author.author').update({
      documentId: await first(strapi, 'api::author.author'),
      data: { name: 'Another name' },
    }),
  'a tag takes articles from the other side': async (strapi) =>
    documents(strapi, 'api::tag.tag').update({
      documentId: await first(strapi, 'api::tag.tag'),
      data: { articles: { set: [await first(strapi, ARTICLE)] } },
    }),
  'a tag is deleted': async (strapi) =>
    documents(strapi, 'api::tag.tag').delete({ documentId: await first(strapi, 'api::tag.tag') }),
  'a file gets another text': async (strapi) => {
    const files = strapi.db.query('plugin::upload.file');
    const file = (await files.findOne({ where: {} })) as { id: number };
    return files.update({ where: { id: file.id }, data: { alternativeText: 'Another text' } });
  },
  'a component is written alone': async (strapi) => {
    const parts = strapi.db.query('shared.seo');
    const part = (await parts.findOne({ where: {} })) as { id: number };
    return parts.updateMany({ where: { id: { $gte: part.id } }, data: { metaTitle: 'Alone' } });
  },
  'rows are written in bulk': (strapi) =>
    strapi.db.query('api::category.category').updateMany({ where: {}, data: { description: 'Bulk' } }),
  'a permission is taken': async (strapi) => {
    const query = strapi.db.query('plugin::users-permissions.permission');
    const where = { action: 'api::author.author.find', role: { type: 'public' } };
    const { id } = (await query.findOne({ where })) as { id: number };
    return query.delete({ where: { id } });
  },
  'a transaction writes two types': (strapi) =>
    strapi.db.transaction(async () => {
      await WRITES['an author is renamed']?.(strapi);
      await WRITES['an article is published']?.(strapi);
    }),
};

const tagsOf = ({ headers }: Entry): string[] | null => {
  const at = headers.indexOf('Cache-Tag');
  return at < 0 ? null : (headers[at + 1]?.split(',') ?? []);
};

let asked = 0;

/** What was received so far, until nothing more is on its way. */
async function notices(site: Site): Promise<{ all: boolean; tags: Set<string> }> {
  const last = `last-${++asked}`;
  await cacheOf(site.strapi).purge({ tags: [last] });
  const tags = (): string[] => receiver.received.flatMap(({ notice }) => notice.tags);
  await until('the notices came', () => tags().includes(last));
  return { all: receiver.received.some(({ notice }) => notice.all), tags: new Set(tags()) };
}

describe.each(['64 KB', '300 B'])(
  'a purge names a tag of every response that falls, tags within %s:',
  (size) => {
    const site = useSite({
      cache: {
        downstream: {
          cdn: { ttl: '1 h' },
          tagHeaders: ['Cache-Tag'],
          maxTagLength: size,
          webhooks: [{ url: receiver.url, secret: 'a secret of both sides' }],
        },
      },
    });

    it.each(Object.keys(WRITES))('%s', async (name) => {
      for (const url of URLS) await site().get(url);
      await notices(site());
      receiver.received.length = 0;
      const { store } = runtimeOf(site().strapi);
      const before = [...store.entries()].filter((entry) => store.isValid(entry) && entry.status === 200);
      await WRITES[name]?.(site().strapi);
      const { all, tags } = await notices(site());
      const fallen = before.filter((entry) => !store.isValid(entry));
      const missed = fallen.filter((entry) => {
        const own = tagsOf(entry);
        // without tags it was not offered to a CDN
        return own !== null && !all && !own.some((tag) => tags.has(tag));
      });
      expect(all).toBe(false);
      expect(missed.map(({ label }) => label)).toEqual([]);
      for (const entry of before)
        expect(entry.headers.includes('CDN-Cache-Control'), entry.label).toBe(tagsOf(entry) !== null);
    });

    it('and the seed is worth asking: responses are tagged, and writes let some fall', async () => {
      for (const url of URLS) await site().get(url);
      const { store } = runtimeOf(site().strapi);
      const tagged = [...store.entries()].filter((entry) => tagsOf(entry) !== null);
      expect(tagged.length).toBeGreaterThan(5);
    });
  },
);
