import type { Core } from '@strapi/strapi';

const config: Core.RouterConfig = {
  type: 'content-api',
  routes: [{ method: 'GET', path: '/reports/ratings', handler: 'api::report.report.ratings', config: {} }],
};

export default config;
