import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { respond } from '../../../utils/respond';

const uid = 'api::article.article';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  /** Members read the latest stories in full, without opening each of them. */
  async articles(ctx: Context) {
    const articles = await strapi.documents(uid).findMany({
      status: 'published',
      fields: ['title', 'slug', 'summary', 'body', 'publishedOn'],
      populate: { author: { fields: ['name', 'slug'] } },
      sort: ['publishedOn:desc', 'title:asc'],
      limit: 10,
    });
    return respond(strapi, ctx, uid, articles);
  },
});
