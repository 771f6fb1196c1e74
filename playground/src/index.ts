import type { Core } from '@strapi/strapi';
import { commentsFollow } from './documents/comments-follow';

export default {
  register({ strapi }: { strapi: Core.Strapi }): void {
    strapi.documents.use(commentsFollow(strapi));
  },
};
