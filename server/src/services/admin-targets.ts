import type { Core } from '@strapi/strapi';
import type { PurgeTarget } from '../contracts';
import { typeTag } from '../strapi/tags';
import { walkEntries } from './entry-walk';
import { walkLiveEntries } from './local-entries';
import type { Runtime } from './runtime';

interface ContentType {
  readonly uid: string;
  readonly info?: { readonly displayName?: string };
  readonly pluginOptions?: { readonly 'content-manager'?: { readonly visible?: boolean } };
}

/** Content types that people know, with the entries that show something of them. */
export async function listTargets(
  strapi: Core.Strapi,
  runtime: Runtime,
  now: number,
): Promise<PurgeTarget[]> {
  const entries = new Map<string, number>();
  await walkEntries(await walkLiveEntries(runtime.store, now), (part) => {
    for (const { tags } of part)
      for (const tag of tags) if (tag.startsWith('u|')) entries.set(tag, (entries.get(tag) ?? 0) + 1);
  });
  return (Object.values(strapi.contentTypes) as unknown as ContentType[])
    .filter(
      ({ uid, pluginOptions }) =>
        !uid.startsWith('admin::') && pluginOptions?.['content-manager']?.visible !== false,
    )
    .map(({ uid, info }) => ({
      uid,
      name: info?.displayName ?? uid,
      entries: entries.get(typeTag(uid)) ?? 0,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
