import type { Core } from '@strapi/strapi';

/** The reader application sets this header for signed-in subscribers. */
const isMember: Core.PolicyHandler = (ctx) => ctx.request.headers['x-member'] === 'yes';

export default isMember;
