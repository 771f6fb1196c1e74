import type { Core, UID } from '@strapi/strapi';

export type Data = Record<string, unknown>;

export interface Written {
  id: number;
  documentId: string;
}

interface Options {
  status?: 'draft' | 'published';
  locale?: string;
}

export interface Writer {
  create(uid: UID.ContentType, data: Data, options?: Options): Promise<Written>;
  update(uid: UID.ContentType, documentId: string, data: Data, options?: Options): Promise<void>;
}

/** The document service without the types of each content type, which exist only once Strapi generated them. */
export const createWriter = (strapi: Core.Strapi): Writer => ({
  async create(uid, data, options = {}) {
    const document = await strapi.documents(uid).create({ ...options, data } as never);
    return document as unknown as Written;
  },

  async update(uid, documentId, data, options = {}) {
    await strapi.documents(uid).update({ ...options, documentId, data } as never);
  },
});
