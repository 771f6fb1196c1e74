import type { Core, UID } from '@strapi/strapi';
import type { CacheService } from '../../server/src/services';

export const cacheOf = (strapi: Core.Strapi): CacheService =>
  strapi.plugin('upstash-cache').service('cache') as CacheService;

/** An empty cache for the next test. */
export const purgeAll = (strapi: Core.Strapi): Promise<unknown> => cacheOf(strapi).purge({ all: true });

export interface Doc {
  readonly id: number;
  readonly documentId: string;
  readonly [field: string]: unknown;
}

/** The document service, without the types that Strapi generates for one application. */
export interface Documents {
  create(ask: object): Promise<Doc>;
  update(ask: object): Promise<Doc>;
  delete(ask: object): Promise<unknown>;
  clone(ask: object): Promise<{ entries: Doc[] }>;
  publish(ask: object): Promise<unknown>;
  unpublish(ask: object): Promise<unknown>;
  discardDraft(ask: object): Promise<unknown>;
  findFirst(ask?: object): Promise<Doc>;
  findMany(ask?: object): Promise<Doc[]>;
}

export const documents = (strapi: Core.Strapi, uid: string): Documents =>
  strapi.documents(uid as UID.ContentType) as unknown as Documents;
