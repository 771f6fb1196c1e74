import type { Core } from '@strapi/strapi';

const config: Core.RouterConfig = {
  type: 'content-api',
  routes: [
    {
      method: 'GET',
      path: '/members/articles',
      handler: 'api::member.member.articles',
      config: { policies: ['api::member.is-member'] },
    },
  ],
};

export default config;
