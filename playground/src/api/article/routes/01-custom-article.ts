import type { Core } from '@strapi/strapi';

// Routes are mounted in the order of their file names, and these must come before /articles/:id.
const config: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    { method: 'GET', path: '/articles/featured', handler: 'api::article.article.featured', config: {} },
    { method: 'GET', path: '/articles/by-slug/:slug', handler: 'api::article.article.bySlug', config: {} },
  ],
};

export default config;
