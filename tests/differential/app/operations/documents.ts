import { newData, someData } from '../content';
import type { World } from '../world';
import type { Operations } from './index';
import { COLLECTIONS, DRAFTED, localeFor, SINGLES } from './types';

interface Params {
  readonly documentId?: string;
  readonly locale?: string;
  readonly status?: string;
  readonly data?: object;
}

type Action = 'create' | 'update' | 'delete' | 'clone' | 'publish' | 'unpublish' | 'discardDraft';

export async function act(world: World, uid: string, action: Action, params: Params): Promise<string> {
  const service = world.documents(uid) as unknown as Record<Action, (params: Params) => Promise<unknown>>;
  await service[action](params);
  return `${action} ${uid} ${JSON.stringify(params).slice(0, 400)}`;
}

const onOne = (action: Action, types: readonly string[], allLocales: boolean) => async (world: World) => {
  const uid = world.random.pick(types);
  return act(world, uid, action, {
    documentId: await world.documentId(uid),
    ...localeFor(world, uid, allLocales),
  });
};

const update = (status?: string) => async (world: World) => {
  const uid = world.random.pick(status ? DRAFTED : [...COLLECTIONS, ...SINGLES]);
  const data = await someData(world, uid, 'documentId');
  const params = { documentId: await world.documentId(uid), ...localeFor(world, uid), data };
  return act(world, uid, 'update', status ? { ...params, status } : params);
};

export const documents: Operations = {
  'document.create': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const status = world.random.pick(['draft', 'published']);
    return act(world, uid, 'create', {
      ...localeFor(world, uid),
      status,
      data: await newData(world, uid, 'documentId'),
    });
  },
  'document.update': update(),
  'document.update-published': update('published'),
  'document.publish': onOne('publish', DRAFTED, true),
  'document.unpublish': onOne('unpublish', DRAFTED, true),
  'document.discard': onOne('discardDraft', DRAFTED, true),
  'document.delete': onOne('delete', COLLECTIONS, true),
  'document.clone': onOne('clone', COLLECTIONS, true),
  /** Saves what is there already. */
  'document.same': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const row = (await world.row(uid)) as unknown as Record<string, unknown>;
    const name =
      world.type(uid).attributes.find((it) => ['string', 'text'].includes(it.type))?.name ?? 'slug';
    const { documentId, locale } = row as { documentId: string; locale?: string };
    return act(world, uid, 'update', { documentId, ...(locale && { locale }), data: { [name]: row[name] } });
  },
};
