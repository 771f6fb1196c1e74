import { uniqueText } from '../content';
import { Skipped, type World } from '../world';
import type { Operations } from './index';

const FILE = 'plugin::upload.file';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function file(world: World): Promise<number> {
  const [id] = await world.ids(FILE, 1);
  if (id === undefined) throw new Skipped('no file');
  return id;
}

const form = (world: World, withFile: boolean): FormData => {
  const data = new FormData();
  data.append('fileInfo', JSON.stringify({ alternativeText: uniqueText(world), caption: uniqueText(world) }));
  if (withFile) data.append('files', new Blob([new Uint8Array(PIXEL)], { type: 'image/png' }), 'pixel.png');
  return data;
};

export const media: Operations = {
  'media.edit': async (world) => world.admin('POST', `/upload?id=${await file(world)}`, form(world, false)),
  'media.replace': async (world) => world.admin('POST', `/upload?id=${await file(world)}`, form(world, true)),
  'media.upload': (world) => world.admin('POST', '/upload', form(world, true)),
  'media.delete': async (world) => world.admin('DELETE', `/upload/files/${await file(world)}`),
};
