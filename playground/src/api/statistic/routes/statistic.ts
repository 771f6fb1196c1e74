import type { Core } from '@strapi/strapi';

const config: Core.RouterConfig = {
  type: 'content-api',
  routes: [{ method: 'GET', path: '/statistics', handler: 'api::statistic.statistic.overview', config: {} }],
};

export default config;
