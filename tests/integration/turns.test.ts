import { expect, it } from 'vitest';
import { useSite } from '../support/strapi';

const ARTICLE = 'api::article.article';
const TAGS = '/api/tags';

const site = useSite();

it('hits are answered while a publication to SQLite is under way', async () => {
  const { strapi } = site();
  await site().get(TAGS);
  const [article] = await strapi.documents(ARTICLE).findMany({ limit: 1 });
  let published = false;
  const publication = strapi
    .documents(ARTICLE)
    .publish({ documentId: article!.documentId })
    .then(() => (published = true));
  const hit = await site().get(TAGS);
  expect(hit.header('x-cache')).toBe('HIT');
  expect(published).toBe(false);
  await publication;
});

it('a statement that fails takes the whole transaction back, whatever waits beside it', async () => {
  const { strapi } = site();
  const names = Array.from({ length: 40 }, (_, i) => `taken back ${i}`);
  const create = (name: string): Promise<unknown> =>
    strapi.db.query('api::tag.tag').create({ data: { name, documentId: name } });
  const transaction = strapi.db.transaction(async ({ trx }) => {
    await Promise.all([
      ...names.map(create),
      strapi.db.connection.raw('select * from there_is_no_such_table').transacting(trx),
    ]);
  });
  await expect(transaction).rejects.toThrow(/no such table/);
  // what was still under way when the transaction ended has had its time
  await new Promise((resolve) => setImmediate(resolve));
  expect(await strapi.db.query('api::tag.tag').count({ where: { name: { $in: names } } })).toBe(0);
});
