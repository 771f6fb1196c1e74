import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, PROFILE, TAG, useSite } from './site';

const site = useSite();

describe('relations', () => {
  it('an exclusive link is stolen: the one that had it is dropped', async () => {
    const [a, b, c] = await site().rows(AUTHOR, {}, ['profile']);
    const urls = [a, b, c].map((it) => `/api/authors/${it?.documentId}?populate=profile`);
    const { id } = a?.profile as { id: number };
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: b?.id }, data: { profile: { connect: [{ id }] } } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'dropped', 'kept']);
  });

  it('a link written from the other side drops its owner', async () => {
    const [a] = await site().articles();
    const [, , third] = await site().rows(CATEGORY);
    const url = `/api/articles/${a?.documentId}?populate=category`;
    const [draft] = await site().rows(ARTICLE, { documentId: a?.documentId, publishedAt: null });
    const write = () =>
      site()
        .query(CATEGORY)
        .update({
          where: { id: third?.id },
          data: { articles: { connect: [{ id: a?.id }, { id: draft?.id }] } },
        });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('one author keeps the lists of the others', async () => {
    const [x, y] = await site().rows(AUTHOR);
    const urls = [x, y].map((it) => `/api/authors/${it?.documentId}?populate=articles`);
    const data = { title: 'By one of them', slug: 'by-one-of-them', author: x?.documentId };
    const write = () => site().documents(ARTICLE).create({ status: 'published', data });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a row that comes with links is in the lists of what it links to, and in no other', async () => {
    const [x, y] = await site().rows(AUTHOR);
    const [tag, other] = await site().rows(TAG);
    const urls = [
      `/api/authors/${x?.documentId}?populate=articles`,
      `/api/tags/${tag?.documentId}?populate=articles`,
      `/api/authors/${y?.documentId}?populate=articles`,
      `/api/tags/${other?.documentId}?populate=articles`,
    ];
    const links = { author: x?.id, tags: { connect: [{ id: tag?.id }] } };
    const row = { documentId: 'comeswithlinksaaaaaaaaaa', publishedAt: new Date() };
    const data = { ...row, ...links, title: 'Comes with links', slug: 'comes-with-links' };
    const write = () => site().query(ARTICLE).create({ data });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'dropped', 'kept', 'kept']);
  });

  it('a row that comes and takes children away from another changes who filters through them', async () => {
    const [parent, child, other] = await site().rows(CATEGORY);
    const adopt = (id: unknown, children: unknown[]) =>
      site().query(CATEGORY).update({ where: { id }, data: { children } });
    await adopt(parent?.id, [child?.id]);
    const slug = String(child?.slug);
    const urls = [
      `/api/categories?fields[0]=slug&filters[children][slug][$eq]=${slug}`,
      `/api/categories/${parent?.documentId}?fields[0]=slug&populate[children][fields][0]=slug`,
      `/api/categories/${other?.documentId}?fields[0]=slug`,
    ];
    const data = { name: 'Adopts', slug: 'adopts', children: [child?.documentId] };
    const write = () => site().documents(CATEGORY).create({ data });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'dropped', 'kept']);
  });

  it('a row that comes may take an exclusive link away from another', async () => {
    const [robbed, spared] = await site().rows(PROFILE, { author: { id: { $notNull: true } } }, ['author']);
    const urls = [robbed, spared].map((it) => `/api/profiles/${it?.documentId}?populate=author`);
    const { id, documentId } = robbed?.author as { id: number; documentId: string };
    const data = { documentId: 'takesanauthoraaaaaaaaaaa', website: 'https://taken.example', author: id };
    const write = () => site().query(PROFILE).create({ data });
    const author = `/api/authors/${documentId}?populate=profile`;
    expect(await site().effect([...urls, author], write)).toEqual(['dropped', 'kept', 'dropped']);
  });

  it('publishing relinks: lists of the published side change, those of other rows do not', async () => {
    const [a] = await site().articles();
    const tagged = (a?.tags as { documentId: string }[])[0];
    const others = await site().rows(TAG, {}, ['articles']);
    const other = others.find((it) =>
      (it.articles as { documentId: string }[]).every((row) => row.documentId !== a?.documentId),
    );
    const urls = [
      `/api/tags/${tagged?.documentId}?populate=articles`,
      `/api/tags/${other?.documentId}?populate=articles`,
    ];
    const write = () => site().documents(ARTICLE).publish({ documentId: a?.documentId });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('publishing moves links that others keep to the new row', async () => {
    const [target] = await site().articles();
    const [page] = await site().rows('api::homepage.homepage', { publishedAt: null, locale: 'en' });
    const data = { picks: { set: [{ documentId: target?.documentId }] } };
    await site()
      .documents('api::homepage.homepage')
      .update({ documentId: page?.documentId, locale: 'en', status: 'published', data });
    const write = () =>
      site()
        .documents(ARTICLE)
        .update({ documentId: target?.documentId, status: 'published', data: { title: 'Relinked' } });
    expect(await site().effect(['/api/homepage?populate=picks'], write)).toEqual(['dropped']);
  });

  it('publishing for the first time gives the row to those who waited for it', async () => {
    const [a] = await site().articles();
    const { documentId } = await site()
      .documents(ARTICLE)
      .create({ data: { title: 'Awaited by another', slug: 'awaited-by-another' } });
    const data = { related: { connect: [{ documentId }] } };
    await site().documents(ARTICLE).update({ documentId: a?.documentId, status: 'published', data });
    const url = `/api/articles/${a?.documentId}?populate[related][fields][0]=title`;
    const write = () => site().documents(ARTICLE).publish({ documentId });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('an untouched relation purges nothing', async () => {
    const [a] = await site().articles();
    const { author } = a as unknown as { author: { documentId: string } };
    const urls = [`/api/authors/${author.documentId}?populate=articles`, '/api/tags?populate=articles'];
    const untouched = { connect: [], disconnect: [] };
    const data = { author: untouched, tags: untouched, category: untouched };
    const write = () => site().documents(ARTICLE).update({ documentId: a?.documentId, data });
    expect(await site().effect(urls, write)).toEqual(['kept', 'kept']);
  });

  it('a reordered list is another answer', async () => {
    const [a] = (await site().articles()).filter((it) => (it.tags as unknown[]).length > 1);
    const tags = (a?.tags as { id: number }[]).map(({ id }) => id);
    const url = `/api/articles/${a?.documentId}?populate=tags`;
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data: { tags: { set: [...tags].reverse() } } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('a filter through a relation sees links come and go, and the attribute that it compares', async () => {
    const [profile] = await site().rows(PROFILE, { author: { id: { $notNull: true } } }, ['author']);
    const author = profile?.author as { id: number; documentId: string };
    const url = `/api/profiles?filters[author][name][$eq]=Nobody-yet`;
    const rename = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: author.id }, data: { name: 'Nobody-yet' } });
    expect(await site().effect([url], rename)).toEqual(['dropped']);
    const unlink = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: author.id }, data: { profile: null } });
    expect(await site().effect([url], unlink)).toEqual(['dropped']);
  });

  it('a filter inside of a populate is watched', async () => {
    const [x] = await site().rows(AUTHOR);
    const [mine] = await site().rows(ARTICLE, { author: { id: x?.id }, publishedAt: { $notNull: true } });
    const url = `/api/authors/${x?.documentId}?populate[articles][filters][title][$eq]=Awaited`;
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: mine?.id }, data: { title: 'Awaited' } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('a counted relation is watched', async () => {
    const [x, y] = await site().rows(AUTHOR);
    const urls = [x, y].map((it) => `/api/authors/${it?.documentId}?populate[articles][count]=true`);
    const data = { title: 'One more', slug: 'one-more', author: y?.documentId };
    const write = () => site().documents(ARTICLE).create({ status: 'published', data });
    expect(await site().effect(urls, write)).toEqual(['kept', 'dropped']);
  });

  it('deleting the far row changes who showed it', async () => {
    const [a] = (await site().articles()).filter((it) => (it.tags as unknown[]).length > 0);
    const tag = (a?.tags as { documentId: string }[])[0];
    const url = `/api/articles/${a?.documentId}?populate[tags][fields][0]=name`;
    const write = () => site().documents(TAG).delete({ documentId: tag?.documentId });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });
});
