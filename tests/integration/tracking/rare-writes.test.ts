import type { Core } from '@strapi/strapi';
import { describe, expect, it } from 'vitest';
import { ARTICLE, AUTHOR, CATEGORY, COMMENT, PAGE, PROFILE, TAG, useSite } from './site';

type Attributes = Record<string, unknown>;

/** What a document middleware of the application does, registered where applications do so. */
const around: { run: (() => Promise<unknown>) | null } = { run: null };

const useMiddleware = (strapi: Core.Strapi): void => {
  strapi.documents.use(async (context, next) => {
    const result = await next();
    if (context.uid === AUTHOR && context.action === 'update') await around.run?.();
    return result as never;
  });
};

const site = useSite({
  register: ({ strapi }) => {
    const attributes = (uid: string) =>
      (strapi.contentTypes as unknown as Record<string, { attributes: Attributes }>)[uid]
        ?.attributes as Attributes;
    const relation = (kind: string, target: string, more: object) => ({
      type: 'relation',
      relation: kind,
      target,
      ...more,
    });
    Object.assign(attributes(COMMENT), {
      note: relation('manyToOne', ARTICLE, { inversedBy: 'notes' }),
    });
    Object.assign(attributes(ARTICLE), { notes: relation('oneToMany', COMMENT, { mappedBy: 'note' }) });
    Object.assign(attributes(TAG), {
      keeper: relation('manyToOne', AUTHOR, { inversedBy: 'kept', useJoinTable: false }),
      level: { type: 'integer', default: () => 3 },
    });
    Object.assign(attributes(AUTHOR), { kept: relation('oneToMany', TAG, { mappedBy: 'keeper' }) });
    Object.assign(attributes(CATEGORY), {
      lead: relation('oneToOne', PROFILE, { inversedBy: 'leads', useJoinTable: false }),
    });
    Object.assign(attributes(PROFILE), { leads: relation('oneToOne', CATEGORY, { mappedBy: 'lead' }) });
    useMiddleware(strapi);
  },
  bootstrap: ({ strapi }) => useMiddleware(strapi),
});
const knex = () => site().strapi.db.connection;
const update = (uid: string, id: unknown, data: object) => () =>
  site().query(uid).update({ where: { id }, data });
const of = (list: unknown) => (list ?? []) as { id: number; documentId: string }[];

describe('empty relation data', () => {
  for (const [what, data] of Object.entries({
    nothing: undefined,
    'an empty change': { connect: [], disconnect: [] },
    'an empty object': {},
  })) {
    it(`sees files go when a query is given ${what}`, async () => {
      const [a] = (
        await site().rows(ARTICLE, { publishedAt: { $notNull: true } }, ['cover', 'gallery'])
      ).filter((it) => it.cover && of(it.gallery).length > 0);
      const url = `/api/articles/${a?.documentId}?fields[0]=title&populate[cover][fields]=name&populate[gallery][fields]=name`;
      await site().effect([url], update(ARTICLE, a?.id, { cover: data }));
      await site().effect([url], update(ARTICLE, a?.id, { gallery: data }));
    });

    it(`sees rows go that keep the link in a column when a query is given ${what}`, async () => {
      const [a] = await site().rows(AUTHOR);
      const [tag] = await site().rows(TAG);
      await update(TAG, tag?.id, { keeper: a?.id })();
      const url = `/api/authors/${a?.documentId}?fields[0]=slug&populate[kept][fields]=name`;
      await site().effect([url], update(AUTHOR, a?.id, { kept: data }));
    });
  }
});

describe('links that are taken away', () => {
  it('sees who is filtered through the link when a new row takes it', async () => {
    const [a] = (await site().articles()).filter((it) => it.category);
    const parent = a?.category as { id: number };
    const child = await site()
      .query(CATEGORY)
      .create({
        data: {
          name: 'Taken child',
          slug: 'taken-child',
          documentId: 'takenchildaaaaaaaaaaaaaa',
          parent: parent.id,
        },
      });
    const url = '/api/articles?filters[category][children][slug][$eq]=taken-child&fields[0]=title';
    const data = {
      name: 'Taker',
      slug: 'taker',
      documentId: 'takeraaaaaaaaaaaaaaaaaaa',
      children: [child.id],
    };
    const write = () => site().query(CATEGORY).create({ data });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('sees the row that was looked up when a new row takes its link', async () => {
    const [p] = await site().rows(PROFILE, { author: { id: { $notNull: true } } }, ['author']);
    const author = p?.author as { id: number; name: string };
    const url = `/api/profiles?filters[documentId][$eq]=${p?.documentId}&filters[author][id][$notNull]=true&fields[0]=website`;
    const data = {
      documentId: 'takesagainaaaaaaaaaaaaaa',
      website: 'https://again.example',
      author: author.id,
    };
    const write = () => site().query(PROFILE).create({ data });
    expect(await site().effect([url], write)).toEqual(['dropped']);
  });

  it('sees the published side lose its link when a draft of another document takes it', async () => {
    const [a, b] = await site().articles();
    const comment = (await site().rows(COMMENT))[3];
    await site()
      .documents(ARTICLE)
      .update({
        documentId: a?.documentId,
        status: 'published',
        data: { notes: { set: [{ documentId: comment?.documentId }] } },
      });
    const [now] = await site().rows(ARTICLE, { documentId: a?.documentId, publishedAt: { $notNull: true } }, [
      'notes',
    ]);
    expect(of(now?.notes)).toHaveLength(1);
    const urls = [
      `/api/comments/${comment?.documentId}?fields[0]=text&populate[note][fields]=slug`,
      `/api/comments/${comment?.documentId}?populate=note`,
      `/api/comments?filters[documentId][$eq]=${comment?.documentId}&filters[note][title][$notNull]=true`,
      `/api/articles?filters[documentId][$eq]=${a?.documentId}&filters[notes][id][$notNull]=true&fields[0]=title`,
      `/api/articles/${a?.documentId}?populate[notes][count]=true`,
      `/api/articles/${a?.documentId}?populate[notes][fields]=text`,
    ];
    const data = { notes: { connect: [{ documentId: comment?.documentId }] } };
    const write = () => site().documents(ARTICLE).update({ documentId: b?.documentId, data });
    await site().effect(urls, write);
  });
});

describe('links in columns', () => {
  it('sees the list of the other side when a row is linked, comes, or goes', async () => {
    const [a, b] = await site().rows(AUTHOR);
    const [tag] = await site().rows(TAG);
    const urls = [a, b].flatMap((it) => [
      `/api/authors/${it?.documentId}?fields[0]=slug&populate[kept][fields]=name`,
      `/api/authors/${it?.documentId}?fields[0]=slug&populate[kept][count]=true`,
      `/api/authors?filters[documentId][$eq]=${it?.documentId}&filters[kept][name][$notNull]=true&fields[0]=slug`,
    ]);
    await site().effect(urls, update(TAG, tag?.id, { keeper: a?.id }));
    await site().effect(urls, update(TAG, tag?.id, { keeper: b?.id }));
    await site().effect(urls, () =>
      site().strapi.db.transaction(update(TAG, tag?.id, { keeper: a?.id }) as never),
    );
    const data = { name: 'Kept', slug: 'kept', documentId: 'keptaaaaaaaaaaaaaaaaaaaa', keeper: a?.id };
    await site().effect(urls, () => site().query(TAG).create({ data }));
    await site().effect(urls, () =>
      site()
        .query(TAG)
        .delete({ where: { slug: 'kept' } }),
    );
    const more = [1, 2].map((i) => ({
      ...data,
      slug: `kept-${i}`,
      name: `Kept ${i}`,
      documentId: `kept${i}aaaaaaaaaaaaaaaaaaa`,
    }));
    await site().effect(urls, () => site().query(TAG).createMany({ data: more }));
    await site().effect(urls, () =>
      site()
        .query(TAG)
        .updateMany({ where: { slug: 'kept-1' }, data: { keeper: b?.id } as object }),
    );
    await site().effect(urls, () => knex()('tags').where({ slug: 'kept-2' }).update({ keeper_id: b?.id }));
    await site().effect(urls, () => knex()('tags').where({ id: tag?.id }).update({ keeper_id: b?.id }));
    await site().effect(urls, () =>
      site()
        .query(TAG)
        .deleteMany({ where: { slug: { $startsWith: 'kept-' } } }),
    );
    await site().effect(urls, update(AUTHOR, a?.id, { kept: [tag?.id] }));
    await site().effect(urls, update(AUTHOR, a?.id, { kept: null }));
  });

  it('sees both sides of a one-to-one link', async () => {
    const [p, q] = await site().rows(PROFILE);
    const [c, d] = await site().rows(CATEGORY);
    const urls = [
      ...[p, q].map((it) => `/api/profiles/${it?.documentId}?populate=leads`),
      ...[c, d].map((it) => `/api/categories/${it?.documentId}?populate=lead`),
    ];
    await site().effect(urls, update(CATEGORY, c?.id, { lead: p?.id }));
    await site().effect(urls, update(CATEGORY, d?.id, { lead: p?.id }));
    await site().effect(urls, update(CATEGORY, d?.id, { lead: { id: q?.id } }));
    await site().effect(urls, update(PROFILE, p?.id, { leads: { set: [d?.id] } }));
    await site().effect(urls, update(PROFILE, p?.id, { leads: null }));
    await site().effect(urls, update(CATEGORY, c?.id, { lead: { set: [{ id: p?.id }] } }));
    await site().effect(urls, () =>
      site()
        .query(PROFILE)
        .delete({ where: { id: q?.id } }),
    );
  });
});

describe('values that the data does not say', () => {
  it('sees a row in the list of the value that a function makes', async () => {
    const urls = ['/api/tags?filters[level][$eq]=3', '/api/tags?filters[level][$eq]=4'];
    const data = { name: 'Leveled', slug: 'leveled', documentId: 'leveledaaaaaaaaaaaaaaaaa' };
    await site().effect(urls, () => site().query(TAG).create({ data }));
  });
});

describe('SQL inside of an action', () => {
  const write = async () => {
    const [x] = await site().rows(AUTHOR);
    return site()
      .documents(AUTHOR)
      .update({ documentId: x?.documentId, data: { bio: `${Math.random()}` } });
  };

  const unlink = (id: unknown) =>
    site().strapi.db.transaction(({ trx }) => trx('articles_tags_lnk').where({ article_id: id }).delete());

  it('sees links that a lifecycle subscriber takes away with SQL', async () => {
    const [a] = (await site().articles()).filter((it) => of(it.tags).length > 0);
    const end = site().strapi.db.lifecycles.subscribe({
      models: [AUTHOR],
      async afterUpdate() {
        await unlink(a?.id);
      },
    });
    const effects = await site().effect(
      [`/api/articles/${a?.documentId}?populate[tags][fields]=name`],
      write,
    );
    (end as unknown as () => void)();
    expect(effects).toEqual(['dropped']);
  });

  it('sees links that a document middleware takes away with SQL', async () => {
    const [a] = (await site().articles()).filter((it) => of(it.tags).length > 0);
    around.run = () => unlink(a?.id);
    const effects = await site()
      .effect([`/api/articles/${a?.documentId}?populate[tags][fields]=name`], write)
      .finally(() => (around.run = null));
    expect(effects).toEqual(['dropped']);
  });

  it('keeps the lists of others when a subscriber publishes', async () => {
    const [a] = (await site().articles()).filter((it) => of(it.tags).length > 0);
    const mine = of(a?.tags).map((it) => it.documentId);
    const others = (await site().rows(TAG)).filter((it) => !mine.includes(it.documentId));
    const urls = [`/api/tags/${others[0]?.documentId}?populate=articles`];
    const end = site().strapi.db.lifecycles.subscribe({
      models: [AUTHOR],
      async afterUpdate() {
        await site().documents(ARTICLE).publish({ documentId: a?.documentId });
      },
    });
    const effects = await site().effect(urls, write);
    (end as unknown as () => void)();
    expect(effects).toEqual(['kept']);
  });
});

describe('join tables as types of their own', () => {
  it('sees links that are written so', async () => {
    const [a] = (await site().articles()).filter((it) => of(it.tags).length > 1);
    const urls = [`/api/articles/${a?.documentId}?populate[tags][fields]=name`];
    const links = site().query('articles_tags_lnk');
    await site().effect(urls, () => links.deleteMany({ where: { article_id: a?.id } as object }));
    const [tag] = of(a?.tags);
    await site().effect(urls, () => links.create({ data: { article_id: a?.id, tag_id: tag?.id } as object }));
  });

  it('sees links come that were read so', async () => {
    const [a] = (await site().articles()).filter((it) => of(it.tags).length > 0);
    const read = (strapi: Core.Strapi) =>
      strapi.db.query('articles_tags_lnk' as never).findMany({ where: { article_id: a?.id } as object });
    const write = update(ARTICLE, a?.id, { tags: [] });
    expect(await site().answering(read, () => site().effect(['/api/statistics?links'], write))).toEqual([
      'dropped',
    ]);
  });
});

describe('writes that come to nothing', () => {
  it('keeps everything when a hook refuses a write', async () => {
    const [a] = await site().rows(TAG);
    const end = site().strapi.db.lifecycles.subscribe({
      models: [TAG],
      beforeCreate: () => Promise.reject(new Error('refused')),
      beforeUpdate: () => Promise.reject(new Error('refused')),
    });
    const write = async () => {
      await expect(
        site()
          .query(TAG)
          .create({ data: { name: 'Refused' } }),
      ).rejects.toThrow('refused');
      await expect(update(TAG, a?.id, { name: 'Refused' })()).rejects.toThrow('refused');
    };
    const effects = await site().effect(['/api/tags', `/api/tags/${a?.documentId}`], write);
    (end as unknown as () => void)();
    expect(effects).toEqual(['kept', 'kept']);
  });

  it('keeps who shows another row when the database refuses a new one', async () => {
    const [a] = await site().rows(TAG);
    const write = () =>
      site()
        .query(TAG)
        .create({ data: { id: a?.id, name: 'Twice', slug: 'twice', documentId: 'twiceaaaaaaaaaaaaaaaaaaa' } })
        .then(
          () => expect.unreachable(),
          () => undefined,
        );
    expect(await site().effect([`/api/tags/${a?.documentId}`], write)).toEqual(['kept']);
  });

  it('keeps everything when a bulk write finds no row', async () => {
    const [a] = await site().rows(TAG);
    const write = async () => {
      await site()
        .query(TAG)
        .deleteMany({ where: { slug: 'nobody-has-this' } });
      await site()
        .query(TAG)
        .deleteMany({ where: { id: { $in: [] } } });
      await site()
        .query(TAG)
        .updateMany({ where: { slug: 'nobody-has-this' }, data: { name: 'x' } });
    };
    expect(await site().effect(['/api/tags', `/api/tags/${a?.documentId}`], write)).toEqual(['kept', 'kept']);
  });

  it('is fresh when a savepoint is rolled back and the rest committed', async () => {
    const [a, b] = await site().rows(TAG);
    const urls = [a, b].map((it) => `/api/tags/${it?.documentId}`);
    const write = () =>
      site().strapi.db.transaction(async ({ trx }) => {
        await update(TAG, a?.id, { name: 'Stays' })();
        const inner = await trx.transaction();
        await inner('tags').where({ id: b?.id }).update({ name: 'Goes' });
        await inner.rollback();
      });
    const [first] = await site().effect(urls, write);
    expect(first).toBe('dropped');
  });
});

describe('results without an id', () => {
  it('keeps who shows other rows when a new one is selected without its id', async () => {
    const [a] = await site().rows(TAG);
    const data = { name: 'Selected', slug: 'selected', documentId: 'selectedaaaaaaaaaaaaaaaa' };
    const write = () =>
      site()
        .query(TAG)
        .create({ data, select: ['name'] });
    expect(await site().effect([`/api/tags/${a?.documentId}`, '/api/tags'], write)).toEqual([
      'kept',
      'dropped',
    ]);
  });

  it('sees the row that an update took, when it is another than the one that was looked at', async () => {
    const [a, b] = await site().rows(TAG);
    const manager = site().strapi.db.entityManager as unknown as {
      createQueryBuilder(uid: string): { execute(options?: unknown): Promise<unknown> };
    };
    const original = manager.createQueryBuilder;
    const write = async () => {
      let asked = 0;
      manager.createQueryBuilder = function (uid) {
        const builder = original.call(this, uid);
        if (uid !== TAG || ++asked !== 2) return builder;
        const { execute } = builder;
        builder.execute = async (options) => {
          await knex()('tags').where({ id: a?.id }).update({ slug: 'moved-away' });
          return execute.call(builder, options);
        };
        return builder;
      };
      const where = { slug: { $in: [a?.slug, b?.slug] } };
      const result = await site()
        .query(TAG)
        .update({ where, data: { name: 'The other one' }, select: ['name'] });
      expect(result).not.toHaveProperty('id');
      manager.createQueryBuilder = original;
    };
    await site().effect([`/api/tags/${b?.documentId}?fields[0]=name`], write);
    const [after] = await site().rows(TAG, { id: b?.id });
    expect(after?.name, 'the test writes what it means to').toBe('The other one');
  });
});

describe('reads that fail', () => {
  it('does not store what a handler says instead', async () => {
    let broken = true;
    const read = async (strapi: Core.Strapi) => {
      const count = await strapi.db.query(TAG as never).count();
      const where = broken ? { nothing: { of: 'this' } } : {};
      const rows = await strapi.db
        .query(CATEGORY as never)
        .findMany({ where } as never)
        .catch(() => []);
      return [count, rows.length];
    };
    await site().answering(read, async () => {
      const first = await site().get('/api/statistics?failing');
      broken = false;
      const second = await site().get('/api/statistics?failing');
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.body).not.toBe(first.body);
    });
  });
});

describe('notations of relation data', () => {
  it('is fresh after every notation of every kind of relation', async () => {
    const wrong: string[] = [];
    const refused: string[] = [];
    const notations = (one: number, two: number): unknown[] => [
      one,
      { id: two },
      [one],
      { set: [two] },
      { set: { id: one } },
      { set: null },
      { connect: two },
      { connect: [{ id: one }] },
      { disconnect: [one] },
      { disconnect: two },
      { connect: [one, two] },
      { connect: [{ id: one, position: { end: true } }] },
      { set: [] },
      String(one),
      null,
    ];
    const relations: [string, string, string, string][] = [
      [AUTHOR, 'profile', PROFILE, 'author'],
      [PROFILE, 'author', AUTHOR, 'profile'],
      [AUTHOR, 'mentees', AUTHOR, 'mentor'],
      [ARTICLE, 'tags', TAG, 'articles'],
      [CATEGORY, 'articles', ARTICLE, 'category'],
      [ARTICLE, 'related', ARTICLE, 'related'],
      [ARTICLE, 'notes', COMMENT, 'note'],
      [COMMENT, 'note', ARTICLE, 'notes'],
    ];
    const path: Record<string, string> = {
      [AUTHOR]: 'authors',
      [PROFILE]: 'profiles',
      [CATEGORY]: 'categories',
      [ARTICLE]: 'articles',
      [TAG]: 'tags',
      [COMMENT]: 'comments',
    };
    const published = (uid: string) => (uid === ARTICLE ? { publishedAt: { $notNull: true } } : {});
    for (const [uid, name, target, inverse] of relations) {
      const [x, y] = await site().rows(uid, published(uid));
      const found = await site().rows(target, published(target));
      const [one, two] = found.slice(-2);
      if (!x || !y || !one || !two) throw new Error(`too few rows for ${name}`);
      const ask = (type: string, row: { documentId: string }, attribute: string) => [
        `/api/${path[type]}/${row.documentId}?fields[0]=id&populate[${attribute}][fields]=id`,
        `/api/${path[type]}/${row.documentId}?fields[0]=id&populate[${attribute}][count]=true`,
        `/api/${path[type]}?filters[documentId][$eq]=${row.documentId}&filters[${attribute}][id][$notNull]=true&fields[0]=id`,
        `/api/${path[type]}/${row.documentId}?populate=${attribute}`,
      ];
      const urls = [
        ...ask(uid, x, name),
        ...ask(uid, y, name).slice(0, 1),
        ...ask(target, one, inverse).slice(0, 3),
        ...ask(target, two, inverse).slice(0, 1),
      ];
      for (const row of [x])
        for (const value of notations(one.id, two.id)) {
          const write = () =>
            site()
              .query(uid)
              .update({ where: { id: row.id }, data: { [name]: value } })
              .catch(
                (error: Error) => void refused.push(`${name} ${JSON.stringify(value)}: ${error.message}`),
              );
          await site()
            .effect(urls, write)
            .catch((error: Error) =>
              wrong.push(`${uid}.${name} = ${JSON.stringify(value)}: ${error.message.slice(0, 200)}`),
            );
        }
    }
    expect(refused).toEqual([]);
    expect(wrong).toEqual([]);
  }, 300_000);
});

describe('document actions', () => {
  it('is fresh after every action', async () => {
    const wrong: string[] = [];
    const [a, b] = await site().articles();
    const { documentId } = a as { documentId: string };
    const [page] = await site().rows(PAGE, { locale: 'en', publishedAt: { $notNull: true } });
    const pageId = page?.documentId;
    const [author] = await site().rows(AUTHOR);
    const tag = (await site().rows(TAG)).at(-1);
    const urls = [
      '/api/articles?pagination[pageSize]=2&sort=title',
      '/api/articles?status=draft&pagination[pageSize]=2',
      '/api/articles?pagination[pageSize]=1&pagination[withCount]=true&fields[0]=id',
      `/api/articles/${documentId}?populate=*`,
      `/api/articles/${documentId}?populate=*&status=draft`,
      `/api/articles?filters[featured][$eq]=true&fields[0]=title`,
      `/api/articles?filters[rating][$in][0]=1&filters[rating][$in][1]=5&fields[0]=title`,
      `/api/articles?filters[rating][$null]=true&fields[0]=title`,
      `/api/articles?filters[author][documentId][$eq]=${author?.documentId}&sort=author.name`,
      `/api/authors/${author?.documentId}?populate[articles][count]=true`,
      `/api/authors/${author?.documentId}?populate[articles][populate][tags][fields]=name`,
      `/api/tags/${tag?.documentId}?populate[articles][filters][featured][$eq]=true`,
      '/api/tags?filters[articles][slug][$contains]=fresh',
      '/api/homepage?populate=*',
      `/api/pages/${pageId}?populate=localizations`,
      `/api/pages/${pageId}?populate=*&locale=fr`,
      '/api/pages?locale=fr&filters[layout][$eq]=wide',
      '/api/pages?locale=de',
      '/api/pages?locale[0]=fr&locale[1]=en&fields[0]=title',
    ];
    const step = async (what: string, write: () => Promise<unknown>) => {
      const found = [];
      for (const url of urls) if ((await site().get(url)).status === 200) found.push(url);
      await site()
        .effect(found, write)
        .catch((error: Error) => wrong.push(`${what}: ${error.message.slice(0, 300)}`));
    };
    const articles = site().documents(ARTICLE);
    const pages = site().documents(PAGE);
    let made = '';
    await step('create draft', async () => {
      const data = {
        title: 'Fresh',
        slug: 'fresh-1',
        rating: 5,
        featured: true,
        author: author?.documentId,
        tags: [tag?.documentId],
      };
      made = (await articles.create({ data })).documentId;
    });
    await step('publish', () => articles.publish({ documentId: made }));
    await step('update draft', () =>
      articles.update({ documentId: made, data: { rating: null, tags: { disconnect: [tag?.documentId] } } }),
    );
    await step('publish again', () => articles.publish({ documentId: made }));
    await step('update draft links', () =>
      articles.update({
        documentId: documentId,
        data: { related: [made], tags: { connect: [tag?.documentId] } },
      }),
    );
    await step('publish other', () => articles.publish({ documentId }));
    await step('discard', async () => {
      await articles.update({ documentId: made, data: { title: 'Discarded', author: null } });
      await articles.discardDraft({ documentId: made });
    });
    await step('clone', () => articles.clone({ documentId: made, data: { slug: 'fresh-2' } }));
    await step('unpublish', () => articles.unpublish({ documentId: made }));
    await step('publish third', () => articles.publish({ documentId: made }));
    await step('components', () =>
      articles.update({
        documentId,
        status: 'published',
        data: { seo: { metaTitle: 'Fresh', canonicalArticle: made } },
      }),
    );
    await step('component gone', () =>
      articles.update({ documentId, status: 'published', data: { seo: null } }),
    );
    await step('delete', () => articles.delete({ documentId: made }));
    await step('delete another', () => articles.delete({ documentId: b?.documentId }));
    await step('page fr', () =>
      pages.update({ documentId: pageId, locale: 'fr', data: { title: 'Frais', slug: 'frais' } }),
    );
    await step('page fr published', () => pages.publish({ documentId: pageId, locale: 'fr' }));
    await step('page layout', () =>
      pages.update({ documentId: pageId, locale: 'en', status: 'published', data: { layout: 'wide' } }),
    );
    await step('page fr published again', () => pages.publish({ documentId: pageId, locale: 'fr' }));
    await step('page fr unpublished', () => pages.unpublish({ documentId: pageId, locale: 'fr' }));
    await step('page fr deleted', () => pages.delete({ documentId: pageId, locale: 'fr' }));
    await step('page deleted', () => pages.delete({ documentId: pageId, locale: '*' }));
    await step('author deleted', () => site().documents(AUTHOR).delete({ documentId: author?.documentId }));
    await step('bulk', () =>
      site()
        .query(ARTICLE)
        .updateMany({ where: { rating: { $gt: 3 } }, data: { rating: 1 } }),
    );
    await step('bulk gone', () =>
      site()
        .query(ARTICLE)
        .deleteMany({ where: { rating: 1 } }),
    );
    expect(wrong).toEqual([]);
  }, 300_000);
});

describe('writes of the query engine', () => {
  it('is fresh after each, whatever the answers show', async () => {
    const wrong: string[] = [];
    const [a, b, c] = await site().rows(
      ARTICLE,
      { publishedAt: { $notNull: true }, seo: { id: { $notNull: true } } },
      ['author', 'cover', 'seo'],
    );
    const [x, y] = await site().rows(AUTHOR);
    const file = (a?.cover ?? {}) as { id: number };
    const seo = (a?.seo ?? {}) as { id: number };
    const [comment] = await site().rows(COMMENT);
    const urls = [
      ...[a, b, c].flatMap((it) => [
        `/api/articles/${it?.documentId}?fields[0]=slug&populate[cover][fields]=name`,
        `/api/articles/${it?.documentId}?fields[0]=slug&populate[comments][fields]=text`,
        `/api/articles/${it?.documentId}?fields[0]=slug&populate[seo][populate][canonicalArticle][fields]=title`,
      ]),
      '/api/articles?filters[featured][$eq]=true&pagination[start]=1&pagination[limit]=2&fields[0]=title',
      '/api/articles?filters[featured][$eq]=false&fields[0]=id&pagination[pageSize]=1',
      '/api/articles?filters[rating][$in][0]=1&filters[rating][$in][1]=2&fields[0]=id',
      '/api/articles?filters[rating][$null]=true&fields[0]=id',
      '/api/articles?filters[$or][0][rating][$eq]=5&filters[$or][1][featured][$eq]=true&fields[0]=id',
      '/api/articles?filters[$not][rating][$eq]=5&fields[0]=id',
      '/api/articles?filters[slug][$eq]=NEW-SLUG&fields[0]=title',
      '/api/articles?filters[slug][$eqi]=NEW-SLUG&fields[0]=title',
      '/api/articles?filters[slug][$in][0]=new-slug&filters[slug][$in][1]=other&fields[0]=title',
      '/api/articles?sort=author.name&fields[0]=id',
      '/api/articles?sort[0]=rating&sort[1]=id&fields[0]=id&pagination[pageSize]=3',
      '/api/articles?filters[seo][metaTitle][$contains]=New&fields[0]=id',
      '/api/articles?filters[seo][canonicalArticle][slug][$eq]=new-slug&fields[0]=id',
      '/api/articles?filters[cover][name][$contains]=new&fields[0]=id',
      '/api/articles?_q=new-slug&fields[0]=id',
      ...[x, y].flatMap((it) => [
        `/api/authors/${it?.documentId}?fields[0]=id&populate[articles][sort]=rating&populate[articles][fields]=id`,
        `/api/authors/${it?.documentId}?fields[0]=id&populate[articles][filters][rating][$eq]=5&populate[articles][fields]=id`,
        `/api/authors/${it?.documentId}?fields[0]=id&populate[articles][filters][tags][name][$notNull]=true&populate[articles][fields]=id`,
        `/api/authors?filters[documentId][$eq]=${it?.documentId}&filters[articles][rating][$eq]=5&fields[0]=id`,
      ]),
    ];
    const steps: Record<string, () => Promise<unknown>> = {
      rating: update(ARTICLE, a?.id, { rating: 5 }),
      'rating as text': update(ARTICLE, b?.id, { rating: '2' }),
      'rating in a transaction': () =>
        site().strapi.db.transaction(update(ARTICLE, c?.id, { rating: 5 }) as never),
      'no rating': update(ARTICLE, a?.id, { rating: null }),
      featured: update(ARTICLE, a?.id, { featured: true }),
      'not featured': () =>
        site().strapi.db.transaction(update(ARTICLE, a?.id, { featured: 'false' }) as never),
      slug: update(ARTICLE, b?.id, { slug: 'new-slug' }),
      'slug and back': () =>
        site().strapi.db.transaction(async () => {
          await update(ARTICLE, c?.id, { slug: 'other' })();
          await update(ARTICLE, c?.id, { slug: c?.slug })();
        }),
      'author of a': update(ARTICLE, a?.id, { author: y?.id }),
      'author renamed': update(AUTHOR, y?.id, { name: 'A new name' }),
      'many by ids': () =>
        site()
          .query(ARTICLE)
          .updateMany({ where: { id: { $in: [a?.id, c?.id] } }, data: { rating: 5, featured: true } }),
      'many by condition': () =>
        site()
          .query(ARTICLE)
          .updateMany({ where: { featured: true }, data: { featured: false } }),
      'file of another': update('plugin::upload.file', file.id, {
        related: [{ id: b?.id, __type: ARTICLE, __pivot: { field: 'cover' } }],
      }),
      'file renamed': update('plugin::upload.file', file.id, { name: 'new.png' }),
      component: update('shared.seo', seo.id, { metaTitle: 'New' }),
      'component points': update('shared.seo', seo.id, { canonicalArticle: b?.id }),
      'component points elsewhere': update('shared.seo', seo.id, { canonicalArticle: { set: [c?.id] } }),
      'component points nowhere': update('shared.seo', seo.id, { canonicalArticle: null }),
      'comment moves': update(COMMENT, comment?.id, { target: { id: a?.id, __type: ARTICLE } }),
      'comment moves in a transaction': () =>
        site().strapi.db.transaction(
          update(COMMENT, comment?.id, { target: { id: b?.id, __type: ARTICLE } }) as never,
        ),
      'comments of a': update(ARTICLE, a?.id, { comments: [comment?.id] }),
      'comment has no target': update(COMMENT, comment?.id, { target: null }),
      'file deleted': () =>
        site()
          .query('plugin::upload.file')
          .delete({ where: { id: file.id } }),
      'component deleted': () =>
        site()
          .query('shared.seo')
          .delete({ where: { id: seo.id } }),
      'many deleted by ids': () =>
        site()
          .query(ARTICLE)
          .deleteMany({ where: { id: { $in: [a?.id] } } }),
      'deleted by slug, selected': () =>
        site()
          .query(ARTICLE)
          .delete({ where: { slug: 'new-slug', publishedAt: { $notNull: true } }, select: ['title'] }),
    };
    for (const [what, write] of Object.entries(steps)) {
      const found = [];
      for (const url of urls) if ((await site().get(url)).status === 200) found.push(url);
      if (what === 'rating') expect(found.length).toBe(urls.length);
      await site()
        .effect(found, write)
        .catch((error: Error) => wrong.push(`${what}: ${error.message.slice(0, 300)}`));
    }
    expect(wrong).toEqual([]);
  }, 300_000);
});
