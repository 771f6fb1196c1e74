import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import sharp from 'sharp';
import type { Random } from '../random';
import { palettes, type Palette } from './palettes';
import { HEIGHT, WIDTH, scenes, type Scene } from './scenes';

export interface Picture {
  id: number;
}

const svg = (random: Random, scene: Scene, palette: Palette): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${palette.sky}"/><stop offset="1" stop-color="${palette.glow}"/>
    </linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>
    ${scene.draw(random, palette)}
  </svg>`;

/** Draws `count` pictures and uploads them as an editor would, so that every size of them is made. */
export const uploadPictures = async (
  strapi: Core.Strapi,
  random: Random,
  count: number,
): Promise<Picture[]> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'playground-pictures-'));
  try {
    const pictures: Picture[] = [];
    for (let index = 0; index < count; index += 1) {
      const scene = scenes[index % scenes.length] as Scene;
      const palette = palettes[Math.floor(index / scenes.length) % palettes.length] as Palette;
      const png = index % 4 === 3;
      const name = `${scene.name} ${palette.name}`.toLowerCase().replaceAll(' ', '-');
      const originalFilename = `${name}-${index + 1}.${png ? 'png' : 'jpg'}`;
      const filepath = path.join(folder, originalFilename);

      const image = sharp(Buffer.from(svg(random, scene, palette)));
      await (png ? image.png({ palette: true }) : image.jpeg({ quality: 82 })).toFile(filepath);

      const [file] = await strapi
        .plugin('upload')
        .service('upload')
        .upload({
          data: {
            fileInfo: {
              name: originalFilename,
              alternativeText: `${scene.name} ${palette.name}, a drawing in flat colours`,
              caption: `${scene.name} ${palette.name}`,
            },
          },
          files: {
            filepath,
            originalFilename,
            mimetype: png ? 'image/png' : 'image/jpeg',
            size: (await stat(filepath)).size,
          },
        });
      pictures.push({ id: file.id });
    }
    return pictures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
