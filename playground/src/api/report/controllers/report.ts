import type { Core } from '@strapi/strapi';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  // SQL groups the rows: the document service and the query engine have no aggregates.
  async ratings() {
    const rows = await strapi.db
      .connection<{ rating: number; published_at: unknown }>('articles')
      .select('rating')
      .count({ total: '*' })
      .whereNotNull('published_at')
      .whereNotNull('rating')
      .groupBy('rating')
      .orderBy('rating');
    const ratings = rows.map(({ rating, total }) => ({ rating, articles: Number(total) }));
    const count = ratings.reduce((sum, row) => sum + row.articles, 0);
    const points = ratings.reduce((sum, row) => sum + row.rating * row.articles, 0);
    return { data: { ratings, average: count === 0 ? null : Math.round((100 * points) / count) / 100 } };
  },
});
