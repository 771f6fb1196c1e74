import { newData, someData } from '../content';
import type { World } from '../world';
import type { Operations } from './index';
import { COLLECTIONS, localeFor, SINGLES } from './types';

const suffix = (world: World, uid: string): string => {
  const { locale } = localeFor(world, uid);
  const status = world.random.chance(0.4) ? 'status=draft' : '';
  return [locale && `locale=${locale}`, status].filter(Boolean).join('&');
};

export const rest: Operations = {
  'rest.post': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const data = await newData(world, uid, 'documentId');
    return world.rest('POST', `/${world.type(uid).path}?${suffix(world, uid)}`, { data });
  },
  'rest.put': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    const data = await someData(world, uid, 'documentId');
    const id = await world.documentId(uid);
    return world.rest('PUT', `/${world.type(uid).path}/${id}?${suffix(world, uid)}`, { data });
  },
  'rest.put-single': async (world) => {
    const uid = world.random.pick(SINGLES);
    const data = await someData(world, uid, 'documentId');
    return world.rest('PUT', `/${world.type(uid).path}?${suffix(world, uid)}`, { data });
  },
  'rest.delete': async (world) => {
    const uid = world.random.pick(COLLECTIONS);
    return world.rest('DELETE', `/${world.type(uid).path}/${await world.documentId(uid)}`);
  },
};
