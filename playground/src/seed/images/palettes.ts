export interface Palette {
  name: string;
  sky: string;
  glow: string;
  far: string;
  middle: string;
  near: string;
  accent: string;
}

export const palettes: readonly Palette[] = [
  {
    name: 'at dawn',
    sky: '#f7d9c4',
    glow: '#fff3e2',
    far: '#e8a598',
    middle: '#b5728a',
    near: '#5b4a72',
    accent: '#f2b134',
  },
  {
    name: 'at noon',
    sky: '#bfe3ef',
    glow: '#f4fbfd',
    far: '#7fc4c9',
    middle: '#3f8f9b',
    near: '#1f5a6b',
    accent: '#f4845f',
  },
  {
    name: 'in the evening',
    sky: '#2f3e63',
    glow: '#f3a56b',
    far: '#7a5c83',
    middle: '#4b3f6b',
    near: '#20264a',
    accent: '#ffd479',
  },
  {
    name: 'after the rain',
    sky: '#dfe8df',
    glow: '#f8faf3',
    far: '#a9c3a6',
    middle: '#6f9a7b',
    near: '#36594a',
    accent: '#d96c4a',
  },
];
