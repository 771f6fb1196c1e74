import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildFresh } from '../../scripts/lib/tooling.mjs';
import { fingerprint } from '../../scripts/lib/state.mjs';
import { ROOT } from './root';

const CACHE = path.join(ROOT, 'node_modules/.cache/playground-templates');

/** Where a seeded playground lies, ready to be copied: `data.db` and `public/`. */
const templateDir = (): string => {
  const stamp = fingerprint(['playground/src', 'playground/config', 'tests/support/seed-template.mjs']);
  return path.join(CACHE, stamp.slice(0, 16));
};

/** Builds plugin and playground where they are stale, and seeds the database that every test file copies. */
export default async function setup({ provide }: { provide(key: 'template', value: string): void }) {
  provide('template', await prepareTemplate());
}

export async function prepareTemplate(): Promise<string> {
  await buildFresh();
  const template = templateDir();
  if (!existsSync(path.join(template, 'complete'))) await seed(template);
  return template;
}

async function seed(template: string): Promise<void> {
  rmSync(template, { recursive: true, force: true });
  mkdirSync(template, { recursive: true });
  for (const old of readdirSync(CACHE))
    if (path.join(CACHE, old) !== template) rmSync(path.join(CACHE, old), { recursive: true, force: true });
  const child = spawn(process.execPath, [path.join(ROOT, 'tests/support/seed-template.mjs'), template], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += String(text)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`seeding the playground for the tests failed:\n${log}`);
}

declare module 'vitest' {
  interface ProvidedContext {
    template: string;
  }
}
