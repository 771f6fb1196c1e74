import type { Core } from '@strapi/strapi';
import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, TAG, useSite } from './site';

const site = useSite();
const knex = () => site().strapi.db.connection;

const answering: ReturnType<typeof site>['answering'] = (handler, run) => site().answering(handler, run);

describe('SQL of the application', () => {
  it('a read of a table depends on its rows', async () => {
    const [a] = await site().articles();
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data: { rating: a?.rating === 5 ? 2 : 5 } });
    expect(await site().effect(['/api/reports/ratings'], write)).toEqual(['dropped']);
    const other = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data: { title: 'Not rated' } });
    expect(await site().effect(['/api/reports/ratings'], other), 'whatever column changes').toEqual([
      'dropped',
    ]);
    const [tag] = await site().rows(TAG);
    const elsewhere = () =>
      site()
        .query(TAG)
        .update({ where: { id: tag?.id }, data: { name: 'not rated' } });
    expect(await site().effect(['/api/reports/ratings'], elsewhere)).toEqual(['kept']);
  });

  it('an update of a named row drops what shows the row', async () => {
    const [a, b] = await site().rows(AUTHOR);
    const urls = [`/api/authors/${a?.documentId}`, `/api/authors/${b?.documentId}`];
    const write = () => knex()('authors').where({ id: a?.id }).update({ bio: 'by sql' });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('an update of what rows are looked up by leaves those alone that were not looked up by it', async () => {
    const [a, b] = await site().rows(TAG);
    const urls = [
      `/api/tags?filters[slug][$eq]=${String(b?.slug)}`,
      '/api/tags?filters[slug][$eq]=by-sql',
      `/api/tags/${b?.documentId}?fields[0]=name`,
      `/api/tags/${a?.documentId}?fields[0]=slug`,
      '/api/tags?fields[0]=name&sort=name',
    ];
    const write = () => knex()('tags').where({ id: a?.id }).update({ slug: 'by-sql' });
    // it is not known which slug the row had: whoever asked for one may be meant
    expect(await site().effect(urls, write)).toEqual(['dropped', 'dropped', 'kept', 'dropped', 'kept']);
  });

  it('an update of a named row drops what shows the row, whatever expression it sets', async () => {
    const [a, b] = await site().articles();
    const urls = [
      `/api/articles/${a?.documentId}?fields[0]=rating`,
      `/api/articles/${a?.documentId}?fields[0]=slug`,
      `/api/articles/${b?.documentId}`,
      '/api/articles?fields[0]=slug&sort=rating',
    ];
    const write = () => knex()('articles').where({ id: a?.id }).increment('rating', 1);
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept', 'kept', 'dropped']);
  });

  it('a statement that writes drops every type that it names, and no other', async () => {
    const [, b] = await site().rows(AUTHOR);
    const write = () => knex()('authors').whereNotNull('bio').update({ bio: 'all of them' });
    const effects = await site().effect([`/api/authors/${b?.documentId}`, '/api/categories'], write);
    expect(effects).toEqual(['dropped', 'kept']);
  });

  it('a write behind a comment, and one that replaces, are seen', async () => {
    const [a] = await site().rows(AUTHOR);
    const urls = [`/api/authors/${a?.documentId}`, '/api/categories'];
    for (const sql of ['/* nightly */ update authors set bio = ?', 'update or replace authors set bio = ?']) {
      const write = () => knex().raw(sql, [String(Math.random())]) as unknown as Promise<unknown>;
      expect(await site().effect(urls, write), sql).toEqual(['dropped', 'kept']);
    }
  });

  it('an answer made of the time of the database is not cached', async () => {
    const read = (strapi: Core.Strapi) =>
      strapi.db.connection('tags').whereRaw("created_at < strftime('%s', 'now') * 1000").count();
    await answering(read, async () => {
      await site().get('/api/statistics?now');
      expect((await site().get('/api/statistics?now')).outcome).toBe('MISS');
    });
  });

  it('a statement after a transaction is not taken for a part of it', async () => {
    const [a] = await site().rows(CATEGORY);
    await site().strapi.db.transaction(() => site().rows(CATEGORY));
    const write = () => knex()('categories').where({ id: a?.id }).update({ description: 'on its own' });
    expect(await site().effect([`/api/categories/${a?.documentId}`], write)).toEqual(['dropped']);
  });

  it('a transaction of knex counts at its end', async () => {
    const [a] = await site().rows(TAG);
    const write = async () => {
      const trx = await knex().transaction();
      await trx('tags').where({ id: a?.id }).update({ slug: 'knex' });
      const inner = await trx.transaction();
      await inner.rollback().catch(() => undefined);
      await trx.commit();
    };
    expect(await site().effect([`/api/tags/${a?.documentId}`], write)).toEqual(['dropped']);
  });

  it('links that SQL removes are missed', async () => {
    const [a] = (await site().articles()).filter((it) => (it.tags as unknown[]).length > 0);
    const write = () => knex()('articles_tags_lnk').where({ article_id: a?.id }).delete();
    expect(
      await site().effect([`/api/articles/${a?.documentId}?populate=tags`, '/api/categories'], write),
    ).toEqual(['dropped', 'kept']);
  });

  it('a read of a join table depends on its links', async () => {
    const [a] = (await site().articles()).filter((it) => it.category);
    const count = (strapi: Core.Strapi) =>
      strapi.db.connection('articles_category_lnk').count({ total: '*' });
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data: { category: null } });
    expect(await answering(count, () => site().effect(['/api/statistics'], write))).toEqual(['dropped']);
  });

  it('a read of a table that Strapi does not know is not cached', async () => {
    await knex().schema.createTable('foreign_things', (table) => void table.increments('id'));
    const read = (strapi: Core.Strapi) => strapi.db.connection('foreign_things').select('*');
    await answering(read, async () => {
      await site().get('/api/statistics?x=1');
      expect((await site().get('/api/statistics?x=1')).outcome).toBe('MISS');
    });
  });

  it('an answer that writes is not cached', async () => {
    const [a] = await site().rows(AUTHOR);
    const bio = () => ({ bio: String(Math.random()) });
    // each reads something else as well, else there would be nothing to depend on
    const view = async (strapi: Core.Strapi) => {
      await strapi.db.query(AUTHOR as never).update({ where: { id: a?.id }, data: bio() } as never);
      return strapi.db.query(TAG as never).count();
    };
    const sql = async (strapi: Core.Strapi) => {
      await strapi.db.connection('authors').where({ id: a?.id }).update(bio());
      return strapi.db.query(TAG as never).count();
    };
    for (const handler of [view, sql]) {
      await answering(handler, async () => {
        const url = `/api/statistics?write=${handler.name}`;
        await site().get(url);
        expect((await site().get(url)).outcome).toBe('MISS');
      });
    }
  });

  it('a read of the settings of a plugin depends on them', async () => {
    const store = () => site().strapi.store({ type: 'plugin', name: 'shop', key: 'settings' });
    await store().set({ value: { open: false } });
    const write = () => store().set({ value: { open: true } });
    const effects = await answering(
      () => store().get({}) as Promise<unknown>,
      () => site().effect(['/api/statistics?settings'], write),
    );
    expect(effects).toEqual(['dropped']);
  });

  it('an aggregate of the entity manager follows rows that come and go', async () => {
    const data = { title: 'Counted', slug: 'counted' };
    const write = () => site().documents(ARTICLE).create({ status: 'published', data });
    expect(await site().effect(['/api/statistics?again'], write)).toEqual(['dropped']);
  });
});
