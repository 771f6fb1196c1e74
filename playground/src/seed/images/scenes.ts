import type { Random } from '../random';
import type { Palette } from './palettes';

export const WIDTH = 1200;
export const HEIGHT = 800;

export interface Scene {
  name: string;
  /** The shapes of the picture, in SVG, on top of the sky. */
  draw(random: Random, palette: Palette): string;
}

const sun = (random: Random, palette: Palette): string =>
  `<circle cx="${random.int(250, 950)}" cy="${random.int(180, 320)}" r="${random.int(60, 110)}" fill="${palette.accent}" opacity="0.9"/>`;

const ridge = (random: Random, top: number, swing: number, fill: string): string => {
  const points = Array.from({ length: 5 }, (_, index) => {
    const x = index * 300;
    const y = top + random.int(-swing, swing);
    return index === 0 ? `M0 ${y}` : `S${x - 150} ${y + random.int(-swing, swing)} ${x} ${y}`;
  });
  return `<path d="${points.join(' ')} V${HEIGHT} H0 Z" fill="${fill}"/>`;
};

const hills: Scene = {
  name: 'Hills',
  draw: (random, palette) =>
    [
      sun(random, palette),
      ridge(random, 380, 60, palette.far),
      ridge(random, 500, 70, palette.middle),
      ridge(random, 640, 50, palette.near),
    ].join(''),
};

const coast: Scene = {
  name: 'Coast',
  draw: (random, palette) => {
    const waves = Array.from({ length: 7 }, (_, index) => {
      const y = 480 + index * 48;
      const fill = [palette.far, palette.middle, palette.near][index % 3] ?? palette.near;
      return `<path d="M0 ${y} q150 ${random.int(-40, -12)} 300 0 t300 0 t300 0 t300 0 V${HEIGHT} H0 Z" fill="${fill}" opacity="0.85"/>`;
    });
    const x = random.int(300, 820);
    const boat = `<path d="M${x} 505 h150 l-28 36 h-94 Z" fill="${palette.near}"/><path d="M${x + 72} 495 v-150 l74 150 Z" fill="${palette.glow}"/>`;
    return sun(random, palette) + waves[0] + boat + waves.slice(1).join('');
  },
};

const houses: Scene = {
  name: 'Houses',
  draw: (random, palette) => {
    const fills = [palette.far, palette.middle, palette.near, palette.accent];
    const row = Array.from({ length: 9 }, (_, index) => {
      const x = index * 134;
      const top = random.int(260, 430);
      const windows = Array.from({ length: 6 }, (_, pane) => {
        const lit = random.chance(0.6) ? palette.glow : palette.sky;
        return `<rect x="${x + 22 + (pane % 2) * 56}" y="${top + 48 + Math.floor(pane / 2) * 84}" width="34" height="50" rx="6" fill="${lit}"/>`;
      });
      const roof = `<path d="M${x} ${top} l67 -64 l67 64 Z" fill="${palette.near}"/>`;
      return `${roof}<rect x="${x}" y="${top}" width="134" height="${HEIGHT - top}" fill="${random.pick(fills)}"/>${windows.join('')}`;
    });
    return `${sun(random, palette)}${row.join('')}<rect y="730" width="${WIDTH}" height="70" fill="${palette.near}"/>`;
  },
};

const table: Scene = {
  name: 'Table',
  draw: (random, palette) => {
    const stripes = Array.from(
      { length: 10 },
      (_, index) =>
        `<rect x="${index * 120}" width="60" height="${HEIGHT}" fill="${palette.far}" opacity="0.35"/>`,
    );
    const plates = Array.from({ length: 3 }, (_, index) => {
      const [x, y, r] = [230 + index * 370, random.int(300, 500), random.int(140, 180)];
      const food = Array.from({ length: 9 }, () => {
        const fill = random.pick([palette.accent, palette.middle, palette.near]);
        return `<circle cx="${x + random.int(-70, 70)}" cy="${y + random.int(-70, 70)}" r="${random.int(14, 34)}" fill="${fill}"/>`;
      });
      return `<circle cx="${x}" cy="${y}" r="${r}" fill="${palette.glow}"/><circle cx="${x}" cy="${y}" r="${r - 30}" fill="${palette.sky}"/>${food.join('')}`;
    });
    return stripes.join('') + plates.join('');
  },
};

const market: Scene = {
  name: 'Market',
  draw: (random, palette) => {
    const crates = Array.from({ length: 6 }, (_, index) => {
      const [x, y] = [30 + (index % 3) * 390, 250 + Math.floor(index / 3) * 270];
      const fill = random.pick([palette.accent, palette.middle, palette.far]);
      const fruit = Array.from({ length: 18 }, (_, item) => {
        const [cx, cy] = [x + 34 + (item % 6) * 58, y + 40 + Math.floor(item / 6) * 68];
        return `<circle cx="${cx}" cy="${cy}" r="${random.int(24, 32)}" fill="${fill}" opacity="${random.chance(0.5) ? 1 : 0.8}"/>`;
      });
      return `<rect x="${x}" y="${y}" width="360" height="240" rx="14" fill="${palette.near}"/>${fruit.join('')}`;
    });
    const awning = Array.from({ length: 10 }, (_, index) => {
      const fill = index % 2 === 0 ? palette.accent : palette.glow;
      return `<path d="M${index * 120} 0 h120 v150 a60 60 0 0 1 -120 0 Z" fill="${fill}"/>`;
    });
    return crates.join('') + awning.join('');
  },
};

const arches: Scene = {
  name: 'Arches',
  draw: (random, palette) => {
    const fills = [palette.near, palette.middle, palette.far, palette.glow];
    const gates = Array.from({ length: 4 }, (_, index) => {
      const x = 40 + index * 290;
      return fills.map((fill, ring) => {
        const [inset, top] = [ring * 32, random.int(250, 290) + ring * 38];
        const r = 125 - inset;
        return `<path d="M${x + inset} ${HEIGHT} V${top + r} a${r} ${r} 0 0 1 ${2 * r} 0 V${HEIGHT} Z" fill="${fill}"/>`;
      });
    });
    return sun(random, palette) + gates.flat().join('');
  },
};

export const scenes: readonly Scene[] = [hills, coast, houses, table, market, arches];
