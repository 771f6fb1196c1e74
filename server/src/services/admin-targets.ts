import type { Core } from '@strapi/strapi';
import type { PurgeTarget } from '../contracts';
import { typeTag } from '../strapi/tags';
import { liveEntries } from './local-entries';
import type { Runtime } from './runtime';

interface ContentType {
  readonly uid: string;
  readonly info?: { readonly displayName?: string };
  readonly pluginOptions?: { readonly 'content-manager'?: { readonly visible?: boolean } };
}

/** Content types that people know, with the entries that show something of them. */
export function listTargets(strapi: Core.Strapi, runtime: Runtime, now: number): PurgeTarget[] {
  const entries = liveEntries(runtime.store, now);
  return (Object.values(strapi.contentTypes) as unknown as ContentType[])
    .filter(
      ({ uid, pluginOptions }) =>
        !uid.startsWith('admin::') && pluginOptions?.['content-manager']?.visible !== false,
    )
    .map(({ uid, info }) => {
      const tag = typeTag(uid);
      return {
        uid,
        name: info?.displayName ?? uid,
        entries: entries.filter((it) => it.tags.includes(tag)).length,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
