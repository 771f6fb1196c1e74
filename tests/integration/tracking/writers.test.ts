import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, COMMENT, TAG, useSite } from './site';

const site = useSite();
const NOBODY = 987_654;

describe('writers', () => {
  it('a bulk update drops the rows that it changed, and no others', async () => {
    const [a, b] = await site().rows(AUTHOR);
    const urls = [`/api/authors/${a?.documentId}`, `/api/authors/${b?.documentId}`];
    const write = () =>
      site()
        .query(AUTHOR)
        .updateMany({ where: { id: a?.id }, data: { bio: 'in bulk' } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a bulk delete drops the lists that its rows were in', async () => {
    const [a] = await site().rows(COMMENT);
    const urls = ['/api/comments', '/api/authors'];
    const write = () =>
      site()
        .query(COMMENT)
        .deleteMany({ where: { id: a?.id } });
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a bulk delete takes links along', async () => {
    const [a] = (await site().articles()).filter((it) => (it.tags as unknown[]).length > 0);
    const [tag] = a?.tags as { id: number }[];
    const url = `/api/articles/${a?.documentId}?populate[tags][count]=true`;
    const write = () =>
      site()
        .query(TAG)
        .deleteMany({ where: { id: tag?.id } });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('a bulk update of more rows than are looked at drops the type', async () => {
    const data = Array.from({ length: 501 }, (_, i) => ({
      name: `bulk-${i}`,
      slug: `bulk-${i}`,
      documentId: `bulk${i}`,
    }));
    await site().query(TAG).createMany({ data });
    const [other] = await site().rows(TAG);
    const write = () =>
      site()
        .query(TAG)
        .updateMany({ where: { slug: { $startsWith: 'bulk-' } }, data: { name: 'x' } });
    const effects = await site().effect(
      [`/api/tags/${other?.documentId}`, '/api/tags?sort=name', '/api/authors'],
      write,
    );
    expect(effects).toEqual(['dropped', 'dropped', 'kept']);
    await site()
      .query(TAG)
      .deleteMany({ where: { slug: { $startsWith: 'bulk-' } } });
  });

  it('a write counts when its transaction is committed', async () => {
    const [a] = await site().rows(AUTHOR);
    const url = `/api/authors/${a?.documentId}`;
    await site().get(url);
    await site().strapi.db.transaction(async () => {
      await site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: 'not yet' } });
      expect((await site().get(url)).outcome, 'before the commit the old answer is right').toBe('HIT');
    });
    expect((await site().get(url)).body).toContain('not yet');
  });

  it('a committed write purges though a callback of the application fails at its commit', async () => {
    const [a, b] = await site().rows(AUTHOR);
    const write = () =>
      site()
        .strapi.db.transaction(async ({ onCommit }) => {
          onCommit(() => {
            throw new Error('made for this test');
          });
          await site()
            .query(AUTHOR)
            .update({ where: { id: a?.id }, data: { bio: 'committed all the same' } });
        })
        .catch(() => undefined);
    const urls = [`/api/authors/${a?.documentId}`, `/api/authors/${b?.documentId}`];
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('a write that is rolled back purges nothing', async () => {
    const [a] = await site().rows(AUTHOR);
    const write = () =>
      site()
        .strapi.db.transaction(async () => {
          await site()
            .query(AUTHOR)
            .update({ where: { id: a?.id }, data: { bio: 'never' } });
          throw new Error('given up');
        })
        .catch(() => undefined);
    expect(await site().effect([`/api/authors/${a?.documentId}`, '/api/authors'], write)).toEqual([
      'kept',
      'kept',
    ]);
  });

  it('writes without lifecycles are seen', async () => {
    const [a] = await site().rows(AUTHOR);
    const { lifecycles } = site().strapi.db;
    const write = async () => {
      lifecycles.disable();
      await site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: 'silent' } });
      lifecycles.enable();
    };
    expect(await site().effect([`/api/authors/${a?.documentId}`], write)).toEqual(['dropped']);
  });

  it('a row that is taken back after a failed relation step was there for a moment', async () => {
    const urls = ['title][$eq]=Short-lived', 'featured][$eq]=false', 'summary][$null]=true'];
    const seen: string[] = [];
    const { entityManager } = site().strapi.db as unknown as {
      entityManager: { attachRelations: (...args: unknown[]) => Promise<unknown> };
    };
    const original = entityManager.attachRelations;
    entityManager.attachRelations = async () => {
      entityManager.attachRelations = original;
      throw new Error('the relation step fails');
    };
    // SQLite has one connection and the step's transaction holds it: the reader comes right behind
    const data = { title: 'Short-lived', slug: 'short-lived', publishedAt: new Date(), author: NOBODY };
    const write = () =>
      site()
        .query(ARTICLE)
        .create({ data })
        .catch((error: Error) => seen.push(error.message));
    // what its data does not say is a default, or nothing
    const effect = await site().effect(
      urls.map((it) => `/api/articles?filters[${it}`),
      write,
    );
    expect(effect).toEqual(['dropped', 'dropped', 'dropped']);
    expect(seen).toEqual(['the relation step fails']);
  });

  it('a failed update drops who may have seen it half done', async () => {
    const [a, b] = await site().articles();
    const urls = [`/api/articles/${a?.documentId}`, `/api/articles/${b?.documentId}`];
    const data = { title: 'Half done', tags: { connect: [{ id: NOBODY }] } };
    const write = () =>
      site()
        .query(ARTICLE)
        .update({ where: { id: a?.id }, data })
        .catch(() => undefined);
    expect(await site().effect(urls, write)).toEqual(['dropped', 'kept']);
  });

  it('what a lifecycle subscriber writes with SQL of its own is seen', async () => {
    const [a] = await site().rows(AUTHOR);
    const [category] = await site().rows(CATEGORY);
    const { db } = site().strapi;
    const unsubscribe = db.lifecycles.subscribe({
      models: [AUTHOR],
      async afterUpdate() {
        await db
          .connection('categories')
          .where({ id: category?.id })
          .update({ description: 'by a subscriber' });
      },
    });
    const write = () =>
      site()
        .query(AUTHOR)
        .update({ where: { id: a?.id }, data: { bio: 'subscribed' } });
    expect(await site().effect([`/api/categories/${category?.documentId}`], write)).toEqual(['dropped']);
    (unsubscribe as unknown as () => void)();
  });

  it('what a lifecycle subscriber reads belongs to the answer', async () => {
    const [category] = await site().rows(CATEGORY);
    const { db } = site().strapi;
    const unsubscribe = db.lifecycles.subscribe({
      models: [AUTHOR],
      async afterFindMany(event) {
        const other = (await db
          .query(CATEGORY as never)
          .findOne({ where: { id: category?.id } })) as unknown as { description: string };
        for (const row of event.result as { bio: string }[]) row.bio = other.description;
      },
    });
    const write = () =>
      site()
        .query(CATEGORY)
        .update({ where: { id: category?.id }, data: { description: 'shown elsewhere' } });
    expect(await site().effect(['/api/authors?pagination[pageSize]=2'], write)).toEqual(['dropped']);
    (unsubscribe as unknown as () => void)();
  });

  it('an update of one of several rows that match is right whichever it takes', async () => {
    const [page] = await site().rows('api::page.page', { publishedAt: null });
    const urls = ['en', 'fr'].map((locale) => `/api/pages/${page?.documentId}?locale=${locale}&status=draft`);
    const where = { documentId: page?.documentId, publishedAt: null };
    const write = () =>
      site()
        .query('api::page.page')
        .update({ where, data: { title: 'One of two' } });
    expect(await site().effect(urls, write)).toContain('dropped');
  });
});
