import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, COMMENT, PAGE, PROFILE, useSite } from './site';

const site = useSite();
const FILE = 'plugin::upload.file';
const HERO = 'sections.hero';
const QUOTE = 'sections.quote';

/** A published page in English with its zone as the entity manager sees it. */
async function pageWith(component: string) {
  const pages = await site().rows(PAGE, { locale: 'en', publishedAt: { $notNull: true } }, ['sections']);
  const found = pages.find((page) =>
    (page.sections as { __component: string }[]).some((it) => it.__component === component),
  );
  if (!found) throw new Error(`no page with ${component}`);
  return found;
}

describe('media, components, dynamic zones and morphs', () => {
  it('the text of a picture is part of every answer that shows it, and of no other', async () => {
    const articles = await site().rows(ARTICLE, { publishedAt: { $notNull: true } }, ['cover']);
    const [a] = articles.filter((it) => it.cover);
    const cover = a?.cover as { id: number };
    const other = articles.find((it) => it.cover && (it.cover as { id: number }).id !== cover.id);
    const urls = [a, other].map((it) => `/api/articles/${it?.documentId}?populate=cover`);
    urls.push(`/api/articles/${a?.documentId}`, `/api/upload/files/${cover.id}`);
    const write = () =>
      site()
        .query(FILE)
        .update({ where: { id: cover.id }, data: { alternativeText: 'Another text' } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept', 'kept', 'dropped']);
  });

  it('rows that are shown where only their number was asked for are watched', async () => {
    const [a] = (
      await site().rows(ARTICLE, { publishedAt: { $notNull: true } }, ['cover', 'comments'])
    ).filter((it) => it.cover && (it.comments as unknown[]).length > 0);
    const [comment] = a?.comments as { id: number }[];
    const { id } = a?.cover as { id: number };
    const urls = ['comments', 'cover'].map(
      (name) => `/api/articles/${a?.documentId}?populate[${name}][count]=true`,
    );
    const say = () =>
      site()
        .query(COMMENT)
        .update({ where: { id: comment?.id }, data: { authorName: 'Somebody else' } });
    expect(await site().effect(urls, say)).toEqual(['dropped', 'kept']);
    const name = () =>
      site()
        .query(FILE)
        .update({ where: { id }, data: { caption: 'Another caption' } });
    expect(await site().effect(urls, name)).toEqual(['kept', 'dropped']);
  });

  it('a deleted picture is missed', async () => {
    const [a] = (await site().rows(AUTHOR, {}, ['avatar'])).filter((it) => it.avatar);
    const { id } = a?.avatar as { id: number };
    const write = () => site().query(FILE).delete({ where: { id } });
    expect(await site().effect([`/api/authors/${a?.documentId}?populate=avatar`], write)).toEqual([
      'dropped',
    ]);
  });

  it('an edited component drops who shows it', async () => {
    const [a, b] = await site().rows(PROFILE);
    const urls = [a, b].map((it) => `/api/profiles/${it?.documentId}?populate=links`);
    urls.push(`/api/profiles/${a?.documentId}?fields[0]=website`);
    const data = { links: [{ label: 'New', url: 'https://new.example.com' }] };
    const write = () => site().documents(PROFILE).update({ documentId: a?.documentId, data });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept', 'kept']);
  });

  it('a zone that another component joins is another answer', async () => {
    const page = await pageWith(HERO);
    const on = `/api/pages/${page.documentId}?populate[sections][on][${HERO}][populate]=*`;
    const data = { sections: [{ __component: HERO, heading: 'One more' }] };
    const write = () =>
      site().documents(PAGE).update({ documentId: page.documentId, locale: 'en', status: 'published', data });
    expect(await site().effect([on], write)).toEqual(['dropped']);
  });

  it('what a component of a zone points at is watched', async () => {
    const author = (await site().rows(AUTHOR))[0];
    const page = await pageWith('sections.rich-text');
    const sections = [{ __component: QUOTE, text: 'Said', author: author?.documentId }];
    await site()
      .documents(PAGE)
      .update({ documentId: page.documentId, locale: 'en', status: 'published', data: { sections } });
    const url = `/api/pages/${page.documentId}?populate[sections][on][${QUOTE}][populate]=author`;
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: author?.id }, data: { name: 'Quoted' } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('a comment shows in the list of what it comments on', async () => {
    const [a, b] = await site().articles();
    const urls = [a, b].map((it) => `/api/articles/${it?.documentId}?populate=comments`);
    const data = { text: 'Well', authorName: 'Me', target: { __type: ARTICLE, id: a?.id } };
    const write = () => site().query(COMMENT).create({ data });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a comment that moves leaves one list and comes to another', async () => {
    const [a, b, c] = await site().articles();
    const urls = [a, b, c].map((it) => `/api/articles/${it?.documentId}?populate=comments`);
    const [comment] = (await site().rows(COMMENT)).slice(-1);
    const write = () =>
      site()
        .query(COMMENT)
        .update({ where: { id: comment?.id }, data: { target: { __type: ARTICLE, id: b?.id } } });
    const inTransaction = () => site().strapi.db.transaction(write);
    expect(await site().effect(urls, inTransaction)).toEqual(['dropped', 'dropped', 'kept']);
    const back = () =>
      site()
        .query(COMMENT)
        .update({ where: { id: comment?.id }, data: { target: { __type: ARTICLE, id: c?.id } } });
    expect(await site().effect(urls, back)).toEqual(['kept', 'dropped', 'dropped']);
  });

  it('a comment shows what it is about', async () => {
    const [a] = await site().articles();
    const [comment] = await site().rows(COMMENT);
    await site()
      .query(COMMENT)
      .update({ where: { id: comment?.id }, data: { target: { __type: ARTICLE, id: a?.id } } });
    const url = `/api/comments/${comment?.documentId}?populate[target][on][${ARTICLE}][fields]=title`;
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data: { title: 'About this' } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });
});
