import { someData } from '../content';
import type { Data, World } from '../world';
import type { Operations } from './index';
import { ARTICLE, COLLECTIONS, DRAFTED, HOMEPAGE, localeFor, PAGE, SINGLES } from './types';

const base = (uid: string): string =>
  `/content-manager/${uid === HOMEPAGE || uid.includes('site-setting') ? 'single' : 'collection'}-types/${uid}`;

const query = (params: Record<string, string | undefined>): string => {
  const pairs = Object.entries(params).filter((it): it is [string, string] => it[1] !== undefined);
  return pairs.length ? `?${new URLSearchParams(pairs).toString()}` : '';
};

const action = (name: string) => async (world: World) => {
  const uid = world.random.pick(DRAFTED);
  const { locale } = localeFor(world, uid);
  const id = uid === HOMEPAGE ? '' : `/${await world.documentId(uid)}`;
  return world.admin('POST', `${base(uid)}${id}/actions/${name}${query({ locale })}`, {});
};

const bulk = (name: string, types: readonly string[]) => async (world: World) => {
  const uid = world.random.pick(types);
  const { locale } = localeFor(world, uid);
  const documentIds = await world.documentIds(uid, name === 'bulkDelete' ? 1 : world.random.int(1, 3));
  return world.admin('POST', `${base(uid)}/actions/${name}${query({ locale })}`, { documentIds });
};

/** What the edit view sends: the relations that nobody touched as empty changes. */
async function saved(world: World, uid: string): Promise<Data> {
  const untouched: Data = {};
  for (const it of world.type(uid).attributes)
    if (it.type === 'relation' && it.target && it.name !== 'comments')
      untouched[it.name] = { connect: [], disconnect: [] };
  return { ...untouched, ...(await someData(world, uid, 'documentId')) };
}

export const admin: Operations = {
  'admin.save': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const { locale } = localeFor(world, uid);
    return world.admin(
      'PUT',
      `${base(uid)}/${await world.documentId(uid)}${query({ locale })}`,
      await saved(world, uid),
    );
  },
  'admin.save-single': async (world) => {
    const uid = world.random.pick(SINGLES);
    const { locale } = localeFor(world, uid);
    return world.admin('PUT', `${base(uid)}${query({ locale })}`, await saved(world, uid));
  },
  'admin.publish': action('publish'),
  'admin.unpublish': action('unpublish'),
  'admin.discard': action('discard'),
  'admin.bulk-publish': bulk('bulkPublish', [ARTICLE, PAGE]),
  'admin.bulk-unpublish': bulk('bulkUnpublish', [ARTICLE, PAGE]),
  'admin.bulk-delete': bulk('bulkDelete', COLLECTIONS),
  'admin.untouched': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const { locale } = localeFor(world, uid);
    const data: Data = {};
    for (const it of world.type(uid).attributes)
      if (it.type === 'relation' && it.target && it.name !== 'comments')
        data[it.name] = { connect: [], disconnect: [] };
    return world.admin('PUT', `${base(uid)}/${await world.documentId(uid)}${query({ locale })}`, data);
  },
};
