import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, COMMENT, TAG, useSite } from './site';

const site = useSite();

describe('questions', () => {
  it('a row that comes drops the lists whose filter it meets, and keeps the others', async () => {
    const urls = [
      '/api/tags?filters[name][$startsWith]=har',
      '/api/tags?filters[name][$startsWith]=lem',
      '/api/tags?filters[name][$notContains]=har',
      '/api/tags',
    ];
    const write = () =>
      site()
        .documents(TAG)
        .create({ data: { name: 'harbour', slug: 'harbour' } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept', 'kept', 'dropped']);
  });

  it('a row that changes drops the lists that it begins or ceases to be in', async () => {
    const [a] = await site().rows(TAG);
    await site()
      .query(TAG)
      .update({ where: { id: a?.id }, data: { name: 'one two' } });
    const urls = [
      '/api/tags?fields[0]=slug&filters[name][$contains]=three',
      '/api/tags?fields[0]=slug&filters[name][$contains]=two',
      '/api/tags?fields[0]=slug&filters[name][$contains]=one',
      '/api/tags?fields[0]=slug&filters[name][$contains]=four',
      '/api/tags?fields[0]=slug&filters[name][$contains]=four&sort=name',
      '/api/tags?fields[0]=slug&filters[name][$contains]=one&sort=name',
    ];
    const write = () =>
      site()
        .query(TAG)
        .update({ where: { id: a?.id }, data: { name: 'one three' } });
    expect(await site().effect(urls, write)).toEqual([
      'dropped',
      'dropped',
      'kept',
      'kept',
      'kept',
      'dropped',
    ]);
  });

  it('a filter through a relation looks at the far row', async () => {
    const [a] = await site().rows(AUTHOR);
    const urls = [
      '/api/articles?fields[0]=slug&filters[author][name][$startsWith]=Zeno',
      '/api/articles?fields[0]=slug&filters[author][name][$startsWith]=Xeno',
    ];
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { name: 'Zeno' } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('writes of one transaction count together', async () => {
    const urls = ['/api/tags?filters[name][$eq]=second', '/api/tags?filters[name][$eq]=third'];
    const write = () =>
      site().strapi.db.transaction(async () => {
        const { documentId } = await site()
          .documents(TAG)
          .create({ data: { name: 'first', slug: 'first' } });
        await site()
          .documents(TAG)
          .update({ documentId, data: { name: 'second' } });
      });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a document that is published again does not change how many there are', async () => {
    const [a] = await site().articles();
    const { documentId } = a as { documentId: string };
    const counts = ['/api/statistics?how=many', '/api/articles?filters[title][$contains]=zzz'];
    const again = async () => {
      await site()
        .documents(ARTICLE)
        .update({ documentId, data: { title: 'Anew' } });
      await site().documents(ARTICLE).publish({ documentId });
    };
    await again();
    expect(await site().effect([...counts, '/api/articles'], again)).toEqual(['kept', 'kept', 'dropped']);
    const unpublish = () => site().documents(ARTICLE).unpublish({ documentId });
    expect(await site().effect(counts, unpublish)).toEqual(['dropped', 'kept']);
    const publish = () => site().documents(ARTICLE).publish({ documentId });
    expect(await site().effect(counts, publish)).toEqual(['dropped', 'kept']);
  });

  it('a search behind a pinned column sees the rows that are found by that column', async () => {
    const [a] = await site().rows(COMMENT, { approved: true });
    const url = '/api/comments?filters[approved][$eq]=true&_q=periwinkle';
    const write = () =>
      site()
        .query(COMMENT)
        .update({ where: { id: a?.id }, data: { text: 'a periwinkle' } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });
});
