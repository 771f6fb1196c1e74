import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../scripts/lib/state.mjs';
import { ROOT } from '../support/root';
import { SECRETS } from './secrets';

const SITE = path.join(ROOT, 'test-results/browser-site');
const PARTS = ['package.json', 'tsconfig.json', 'favicon.png', 'config', 'src', 'public'];

/** The admin panel knows English only, unless an application asks for more. */
const LANGUAGES = `export default { config: { locales: ['de', 'es', 'fr'] }, bootstrap() {} };\n`;

/**
 * The playground with all languages of the plugin, its admin panel built for production.
 * @returns its folder; built again only when something it is made of has changed
 */
export async function prepareSite(): Promise<string> {
  const stamp = fingerprint(['admin', 'playground/src', 'playground/config', 'tests/browser/prepare.ts']);
  const mark = path.join(SITE, 'built');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === stamp) return SITE;
  rmSync(SITE, { recursive: true, force: true });
  mkdirSync(SITE, { recursive: true });
  for (const part of PARTS)
    cpSync(path.join(ROOT, 'playground', part), path.join(SITE, part), { recursive: true });
  mkdirSync(path.join(SITE, 'src/admin'), { recursive: true });
  writeFileSync(path.join(SITE, 'src/admin/app.ts'), LANGUAGES);
  await build();
  writeFileSync(mark, stamp);
  return SITE;
}

async function build(): Promise<void> {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'node_modules/@strapi/strapi/bin/strapi.js'), 'build'],
    {
      cwd: SITE,
      env: { ...process.env, ...SECRETS, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += String(text)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`building the admin panel failed:\n${log}`);
}
