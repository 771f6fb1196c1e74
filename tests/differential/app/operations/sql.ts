import { uniqueText } from '../content';
import type { World } from '../world';
import type { Operations } from './index';
import { ARTICLE } from './types';

/** Inside of a transaction raw SQL must join it, as every user of Strapi has to. */
async function update(world: World): Promise<string> {
  const { id } = await world.row(ARTICLE);
  const title = uniqueText(world);
  await world.strapi.db.transaction(async ({ trx }) => {
    await world.strapi.db.connection('articles').where({ id }).update({ title }).transacting(trx);
  });
  return `sql update articles ${id} ${title}`;
}

export const sql: Operations = {
  'sql.update': update,
  'sql.update-plain': async (world) => {
    const { id } = await world.row('api::author.author');
    const bio = uniqueText(world);
    await world.strapi.db.connection('authors').where({ id }).update({ bio });
    return `sql update authors ${id} ${bio}`;
  },
  'sql.unlink': async (world) => {
    const { id } = await world.row(ARTICLE);
    await world.strapi.db.connection('articles_tags_lnk').where({ article_id: id }).delete();
    return `sql delete links of article ${id} to tags`;
  },
  'sql.builder': async (world) => {
    const { id } = await world.row('api::category.category');
    const description = uniqueText(world);
    const builder = world.strapi.db.queryBuilder('api::category.category') as unknown as {
      where(where: object): { update(data: object): { execute(): Promise<unknown> } };
    };
    await builder.where({ id }).update({ description }).execute();
    return `query builder update category ${id}`;
  },
  'sql.own-transaction': async (world) => {
    const { id } = await world.row('api::tag.tag');
    const slug = uniqueText(world);
    const commit = world.random.chance(0.6);
    const trx = await world.strapi.db.connection.transaction();
    await trx('tags').where({ id }).update({ slug });
    if (commit) await trx.commit();
    else await trx.rollback();
    return `sql update tags ${id} in a transaction of its own, ${commit ? 'committed' : 'rolled back'}`;
  },
};
