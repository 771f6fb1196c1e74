import { newData, someData, uniqueText } from '../content';
import { type Data, type World } from '../world';
import type { Operations } from './index';
import { ARTICLE, COLLECTIONS, LOCALIZED, PAGE } from './types';

/** Attributes that the query engine writes by itself; components need the document service. */
async function engineData(world: World, uid: string, make: typeof newData): Promise<Data> {
  const data = await make(world, uid, 'id');
  for (const { name, type } of world.type(uid).attributes)
    if (type === 'component' || type === 'dynamiczone') delete data[name];
  return Object.keys(data).length > 0 ? data : { slug: uniqueText(world) };
}

const said = (action: string, uid: string, what: unknown): string =>
  `${action} ${uid} ${JSON.stringify(what).slice(0, 400)}`;

async function update(world: World): Promise<string> {
  const uid = world.random.pick(COLLECTIONS);
  const row = await world.row(uid);
  const where = world.random.chance(0.8) ? { id: row.id } : { documentId: row.documentId };
  const data = await engineData(world, uid, someData);
  await world.query(uid).update({ where, data });
  return said('db update', uid, { where, data });
}

const plainWhere = (world: World, uid: string): object => {
  const published = world.random.chance(0.5);
  if (uid === ARTICLE) return { rating: world.random.int(1, 5), publishedAt: { $notNull: published } };
  return { id: { $lte: world.random.int(1, 30) } };
};

export const engine: Operations = {
  'engine.create': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const own = LOCALIZED.has(uid) ? { locale: world.random.pick(['en', 'fr']) } : {};
    const published = world.random.chance(0.5) ? new Date() : null;
    const documentId = `made${world.random.int(1e8, 1e9)}aaaaaaaaaaa`;
    const data = { ...(await engineData(world, uid, newData)), ...own, publishedAt: published, documentId };
    await world.query(uid).create({ data });
    return said('db create', uid, data);
  },
  'engine.update': update,
  'engine.update-silently': async (world) => {
    world.strapi.db.lifecycles.disable();
    try {
      return `without lifecycles: ${await update(world)}`;
    } finally {
      world.strapi.db.lifecycles.enable();
    }
  },
  'engine.delete': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const { id } = await world.row(uid);
    await world.query(uid).delete({ where: { id } });
    return said('db delete', uid, { id });
  },
  'engine.create-many': async (world) => {
    const uid = world.random.pick(['api::tag.tag', 'api::comment.comment', ARTICLE]);
    const data = [1, 2].map(() => ({
      ...(uid === 'api::comment.comment'
        ? { text: uniqueText(world), authorName: 'many', approved: world.random.chance(0.5) }
        : { slug: uniqueText(world), [uid === ARTICLE ? 'title' : 'name']: uniqueText(world) }),
      ...(uid === ARTICLE && { featured: true }),
      publishedAt: new Date(),
      documentId: `many${world.random.int(1e8, 1e9)}aaaaaaaaaaa`,
    }));
    await world.query(uid).createMany({ data });
    return said('db createMany', uid, data);
  },
  'engine.update-many': async (world) => {
    const uid = world.random.pick([ARTICLE, ARTICLE, 'api::category.category', 'api::author.author', PAGE]);
    const where = plainWhere(world, uid);
    const name =
      uid === ARTICLE ? 'rating' : uid === PAGE ? 'layout' : uid.includes('author') ? 'bio' : 'description';
    const value =
      uid === ARTICLE
        ? world.random.int(1, 5)
        : uid === PAGE
          ? world.random.pick(['wide', 'landing'])
          : uniqueText(world);
    await world.query(uid).updateMany({ where, data: { [name]: value } });
    return said('db updateMany', uid, { where, name, value });
  },
  'engine.delete-many': async (world) => {
    const uid = world.random.pick(['api::comment.comment', 'api::tag.tag', ARTICLE]);
    const where = { id: { $in: await world.ids(uid, 2) } };
    await world.query(uid).deleteMany({ where });
    return said('db deleteMany', uid, where);
  },
  /** The main row is written, its relations fail, and the row is taken back. */
  'engine.fail-create': async (world) => {
    const data = {
      title: uniqueText(world),
      slug: uniqueText(world),
      publishedAt: new Date(),
      author: 987_654,
    };
    await world.query(ARTICLE).create({ data });
    return said('db create', ARTICLE, data);
  },
  'engine.fail-update': async (world) => {
    const { id } = await world.row(ARTICLE);
    const data = { title: uniqueText(world), tags: { connect: [{ id: 987_654 }] } };
    await world.query(ARTICLE).update({ where: { id }, data });
    return said('db update', ARTICLE, { id, data });
  },
  /** A name that another one has: refused by validation. */
  'document.fail-unique': async (world) => {
    const uid = world.random.pick(['api::category.category', 'api::tag.tag']);
    const [first] = await world.query(uid).findMany({ limit: 1 });
    const params = {
      documentId: await world.documentId(uid),
      data: { name: (first as { name: string }).name },
    };
    await world.documents(uid).update(params as never);
    return said('update with a taken name', uid, params);
  },
};
