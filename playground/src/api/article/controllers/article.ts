import { factories } from '@strapi/strapi';
import { respond } from '../../../utils/respond';

const uid = 'api::article.article';

export default factories.createCoreController(uid, ({ strapi }) => ({
  async featured(ctx) {
    const articles = await strapi.documents(uid).findMany({
      status: 'published',
      filters: { featured: true },
      fields: ['title', 'slug', 'summary', 'rating', 'publishedOn'],
      populate: { cover: true, author: { fields: ['name', 'slug'] }, category: { fields: ['name', 'slug'] } },
      sort: ['publishedOn:desc', 'title:asc'],
      limit: 6,
    });
    return respond(strapi, ctx, uid, articles);
  },

  async bySlug(ctx) {
    const article = await strapi.documents(uid).findFirst({
      status: 'published',
      filters: { slug: ctx.params.slug },
      populate: {
        cover: true,
        author: { populate: { avatar: true } },
        category: true,
        tags: true,
        seo: true,
      },
    });
    if (!article) return ctx.notFound('No article has this slug.');
    return respond(strapi, ctx, uid, article);
  },
}));
