import type { Core } from '@strapi/strapi';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async overview() {
    const [articles, featured, authors, comments, pages] = await Promise.all([
      strapi.db.query('api::article.article').count({ where: { publishedAt: { $notNull: true } } }),
      strapi.db
        .query('api::article.article')
        .count({ where: { publishedAt: { $notNull: true }, featured: true } }),
      strapi.db.query('api::author.author').count(),
      strapi.db.query('api::comment.comment').count({ where: { approved: true } }),
      strapi.db.query('api::page.page').count({ where: { publishedAt: { $notNull: true }, locale: 'en' } }),
    ]);
    return { data: { articles, featured, authors, comments, pages } };
  },
});
