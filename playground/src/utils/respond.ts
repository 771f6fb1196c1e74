import type { Core, UID } from '@strapi/strapi';
import type { Context } from 'koa';

/** The usual response envelope, without private fields and without relations that the caller may not read. */
export const respond = async (
  strapi: Core.Strapi,
  ctx: Context,
  uid: UID.ContentType,
  entries: unknown,
): Promise<{ data: unknown; meta: Record<string, never> }> => {
  const data = await strapi.contentAPI.sanitize.output(entries as never, strapi.contentType(uid), {
    auth: ctx.state.auth,
  });
  return { data, meta: {} };
};
