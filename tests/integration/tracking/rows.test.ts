import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, PAGE, TAG, useSite } from './site';

const site = useSite();

describe('rows', () => {
  it('an edited row drops who shows it, and keeps who shows another one', async () => {
    const [a, b] = await site().rows(AUTHOR);
    const urls = [`/api/authors/${a?.documentId}`, `/api/authors/${b?.documentId}`];
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: 'edited' } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('an answer with selected fields depends on those alone', async () => {
    const [a] = await site().rows(AUTHOR);
    const urls = [
      `/api/authors/${a?.documentId}?fields[0]=name`,
      `/api/authors/${a?.documentId}?fields[0]=bio`,
    ];
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: 'fields' } });
    expect(await site().effect(urls, write)).toEqual(['kept', 'dropped']);
  });

  it('a save that changes nothing purges nothing in a transaction, where nobody else can change the row', async () => {
    const [a] = await site().rows(AUTHOR);
    const { db } = site().strapi;
    const write = async () => {
      db.lifecycles.disable(); // else it would change `updatedAt`
      await site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: a?.bio } });
      db.lifecycles.enable();
    };
    const urls = [`/api/authors/${a?.documentId}`, '/api/authors'];
    expect(await site().effect(urls, () => db.transaction(write))).toEqual(['kept', 'kept']);
    expect(await site().effect(urls, write), 'every column that is set counts').toEqual([
      'dropped',
      'dropped',
    ]);
  });

  it('a draft save keeps published answers', async () => {
    const [a] = await site().articles();
    const urls = [
      '/api/articles',
      `/api/articles/${a?.documentId}`,
      `/api/articles/${a?.documentId}?status=draft`,
    ];
    const write = () =>
      site()
        .documents(ARTICLE)
        .update({ documentId: a?.documentId, data: { title: 'A draft' } });
    expect(await site().effect(urls, write)).toEqual(['kept', 'kept', 'dropped']);
  });

  it('a filter through a relation reads drafts as well', async () => {
    const [draft] = await site().rows(ARTICLE, { publishedAt: null }, ['category']);
    const url = '/api/categories?filters[articles][rating][$gt]=4';
    const write = () =>
      site()
        .documents(ARTICLE)
        .update({ documentId: draft?.documentId, data: { rating: draft?.rating === 5 ? 2 : 5 } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('one locale keeps the other', async () => {
    const [page] = await site().rows(PAGE, { locale: 'en', publishedAt: { $notNull: true } });
    const urls = [
      `/api/pages/${page?.documentId}?locale=fr`,
      `/api/pages/${page?.documentId}?locale=en`,
      '/api/pages?locale=en',
    ];
    const write = () =>
      site()
        .documents(PAGE)
        .update({
          documentId: page?.documentId,
          locale: 'fr',
          status: 'published',
          data: { title: 'Une page' },
        });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept', 'kept']);
  });

  it('an attribute that is not localized is copied to the other locale', async () => {
    const [page] = await site().rows(PAGE, { locale: 'en', publishedAt: null });
    const url = `/api/pages/${page?.documentId}?locale=fr&status=draft`;
    const layout = page?.layout === 'wide' ? 'landing' : 'wide';
    const write = () =>
      site().documents(PAGE).update({ documentId: page?.documentId, locale: 'en', data: { layout } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('a look-up by a value waits for the row that will have it', async () => {
    const url = '/api/tags?filters[slug][$eq]=a-new-tag';
    const write = () =>
      site()
        .documents(TAG)
        .create({ data: { name: 'A new tag', slug: 'a-new-tag' } });
    expect(await site().effect([url, '/api/tags?filters[slug][$eq]=another'], write)).toEqual([
      'dropped',
      'kept',
    ]);
  });

  it('a list cut by a boolean keeps when rows of the other kind come', async () => {
    const urls = ['/api/articles?filters[featured][$eq]=true', '/api/articles?filters[featured][$eq]=false'];
    const data = { title: 'A plain one', slug: 'a-plain-one', featured: false };
    const write = () => site().documents(ARTICLE).create({ status: 'published', data });
    expect(await site().effect(urls, write)).toEqual(['kept', 'dropped']);
  });

  it('a list depends on what it filters and sorts by, a search on every text', async () => {
    const [a] = await site().rows(CATEGORY);
    const urls = [
      '/api/categories?sort=slug&fields[0]=id&pagination[pageSize]=1',
      '/api/categories?_q=no-such-word',
    ];
    const write = () =>
      site()
        .query(CATEGORY)
        .update({ where: { id: a?.id }, data: { description: 'no-such-word' } });
    expect(await site().effect(urls, write)).toEqual(['kept', 'dropped']);
  });

  it('publishing replaces the row for those who show it', async () => {
    const [a, b] = await site().articles();
    const urls = [`/api/articles/${a?.documentId}`, `/api/articles/${b?.documentId}`];
    const write = () => site().documents(ARTICLE).publish({ documentId: a?.documentId });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('unpublishing and deleting end in the right answers', async () => {
    const [a, b] = await site().articles();
    const urls = [`/api/articles/${a?.documentId}`, '/api/articles?fields[0]=title'];
    await site().effect(['/api/articles?fields[0]=title'], () =>
      site().documents(ARTICLE).unpublish({ documentId: a?.documentId }),
    );
    expect(
      await site().effect(['/api/articles?fields[0]=title'], () =>
        site().documents(ARTICLE).delete({ documentId: b?.documentId }),
      ),
    ).toEqual(['dropped']);
    expect(urls).toHaveLength(2);
  });
});
