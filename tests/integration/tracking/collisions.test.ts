import type { Core } from '@strapi/strapi';
import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, TAG, useSite } from './site';

const site = useSite();

/** Runs something once, when an update or a deletion of a type has looked at its rows and not written yet. */
async function meanwhile(uid: string, run: () => Promise<unknown>, write: () => Promise<unknown>) {
  let due = true;
  const once = async (): Promise<void> => {
    if (!due) return;
    due = false;
    await run();
  };
  const end = site().strapi.db.lifecycles.subscribe({
    models: [uid],
    beforeUpdate: once,
    beforeDelete: once,
  });
  try {
    await write();
    expect(due, 'nothing ran meanwhile').toBe(false);
  } finally {
    end();
  }
}

/** What is stored of these URLs while one write is under way, and whether that is still there when it is over. */
async function effectOf(
  urls: readonly string[],
  uid: string,
  other: () => Promise<unknown>,
  write: () => Promise<unknown>,
): Promise<string[]> {
  const run = async (): Promise<void> => {
    await other();
    for (const url of urls) {
      await site().get(url);
      expect((await site().get(url)).outcome, url).toBe('HIT');
    }
  };
  await meanwhile(uid, run, write);
  const after = [];
  for (const url of urls) after.push((await site().get(url)).outcome === 'HIT' ? 'kept' : 'dropped');
  return after;
}

describe('a row that two write at a time', () => {
  it('is seen as it was for a moment: what one has made and the other unmade is dropped', async () => {
    const [a] = await site().rows(TAG);
    const [id, name, slug] = [a?.id, a?.name, a?.slug];
    const set = (data: object) => site().query(TAG).update({ where: { id }, data });
    const urls = [
      '/api/tags?fields[0]=name&filters[slug][$eq]=for-a-moment',
      '/api/tags?fields[0]=name&filters[documentId][$eq]=nobody',
      '/api/categories',
    ];
    // neither what stood there before this write nor what stands there after it tells of the other slug
    const effects = await effectOf(
      urls,
      TAG,
      () => set({ slug: 'for-a-moment' }),
      () => set({ name, slug }),
    );
    expect(effects).toEqual(['dropped', 'kept', 'kept']);
  });

  it('is no reason to drop the type when the two are of different rows', async () => {
    const [a, b] = await site().rows(TAG);
    const set = (id: unknown, data: object) => site().query(TAG).update({ where: { id }, data });
    const effects = await effectOf(
      [`/api/tags/${b?.documentId}`],
      TAG,
      () => set(b?.id, { slug: 'of-another-row' }),
      () => set(a?.id, { slug: 'of-this-row' }),
    );
    expect(effects).toEqual(['kept']);
  });

  it('is counted no more under the value that it had when it was deleted', async () => {
    const { id } = (await site()
      .query(TAG)
      .create({ data: { name: 'doomed', slug: 'doomed' } })) as { id: number };
    const set = (slug: string) => site().query(TAG).update({ where: { id }, data: { slug } });
    const count = (strapi: Core.Strapi) =>
      strapi.db.query(TAG as never).count({ where: { slug: 'renamed' } as never });
    const effects = await site().answering(count, () =>
      effectOf(
        ['/api/statistics?renamed'],
        TAG,
        () => set('renamed'),
        () => site().query(TAG).delete({ where: { id } }),
      ),
    );
    expect(effects).toEqual(['dropped']);
  });

  it('is dropped when SQL was the other', async () => {
    const [a] = await site().rows(AUTHOR);
    const [id, bio] = [a?.id, a?.bio];
    const sql = (text: string) => site().strapi.db.connection('authors').where({ id }).update({ bio: text });
    const effects = await effectOf(
      [`/api/authors/${String(a?.documentId)}?fields[0]=bio`],
      AUTHOR,
      () => sql('for a moment'),
      () => site().query(AUTHOR).update({ where: { id }, data: { bio } }),
    );
    expect(effects).toEqual(['dropped']);
  });
});

describe('a link that comes while a row of it is deleted', () => {
  it('is missed by the rows that showed it', async () => {
    const category = await site()
      .query(CATEGORY)
      .create({ data: { name: 'Doomed', slug: 'doomed' } });
    const [article] = await site().articles();
    const set = (to: unknown) =>
      site()
        .query(ARTICLE)
        .update({ where: { id: article?.id }, data: { category: to } });
    await set(null);
    const link = () => set(category.id);
    const url = `/api/articles/${article?.documentId}?fields[0]=slug&populate[category][count]=true`;
    const remove = () =>
      site()
        .query(CATEGORY)
        .delete({ where: { id: category.id } });
    expect(await effectOf([url], CATEGORY, link, remove)).toEqual(['dropped']);
  });
});
