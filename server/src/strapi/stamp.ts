import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/strapi';

const LOCK_FILES = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'];

/**
 * A short name for the code, the schema and the configuration that make responses. It is part of every key: instances
 * of a new build do not see what the old one made, while both go on sharing one tag log during a rolling deploy.
 */
export function buildStamp(strapi: Core.Strapi): string {
  const hash = createHash('sha256');
  hash.update(sortedJson(strapi.contentTypes)).update(sortedJson(strapi.components));
  hash.update(sortedJson(strapi.config.get('api', {})));
  const { app, dist } = strapi.dirs;
  for (const name of ['package.json', ...LOCK_FILES]) addFile(hash, path.join(app.root, name), name);
  for (const folder of [dist.src, dist.config]) addFolder(hash, folder, '');
  return hash.digest('base64url').slice(0, 12);
}

/** Strapi reads the folders of `src/api` at the same time: types come in another order from start to start. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

function addFile(hash: Hash, file: string, name: string): void {
  if (existsSync(file)) hash.update(`${name}\0`).update(readFileSync(file));
}

function addFolder(hash: Hash, folder: string, name: string): void {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = `${name}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, path.join(folder, entry.name), inner);
    else if (/\.(c|m)?js$|\.json$/.test(entry.name)) addFile(hash, path.join(folder, entry.name), inner);
  }
}
