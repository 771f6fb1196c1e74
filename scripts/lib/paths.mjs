import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const playground = path.join(root, 'playground');
export const cache = path.join(playground, '.cache');

export const relative = (file) => path.relative(root, file);
