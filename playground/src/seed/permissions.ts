import type { Core } from '@strapi/strapi';

const collections = ['article', 'author', 'category', 'comment', 'page', 'profile', 'tag'];
const singles = ['homepage', 'site-setting'];

const readActions: readonly string[] = [
  ...collections.flatMap((name) => [`api::${name}.${name}.find`, `api::${name}.${name}.findOne`]),
  ...singles.map((name) => `api::${name}.${name}.find`),
  'api::article.article.featured',
  'api::article.article.bySlug',
  'api::statistic.statistic.overview',
  'api::report.report.ratings',
  'api::member.member.articles',
  'plugin::upload.content-api.find',
  'plugin::upload.content-api.findOne',
];

const grants: Record<'public' | 'authenticated', readonly string[]> = {
  public: readActions,
  authenticated: [...readActions, 'plugin::users-permissions.user.me'],
};

export const grantReading = async (strapi: Core.Strapi): Promise<void> => {
  const permissions = strapi.db.query('plugin::users-permissions.permission');
  for (const [type, actions] of Object.entries(grants)) {
    const role = await strapi.db.query('plugin::users-permissions.role').findOne({ where: { type } });
    const granted = await permissions.findMany({ where: { role: { id: role.id } } });
    const present = new Set(granted.map(({ action }) => action));
    for (const action of actions) {
      if (!present.has(action)) await permissions.create({ data: { action, role: role.id } });
    }
  }
};
