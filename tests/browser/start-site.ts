import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { admin } from '../../playground/src/seed/credentials';
import type { UpstashCacheConfig } from '../../server/src/config/schema';
import { send, type Answer } from '../support/http';
import { ROOT } from '../support/root';
import { prepareSite } from './prepare';
import { SECRETS } from './secrets';

/** An editor of content: a role of Strapi's own that has none of the plugin's permissions. */
const editor = { email: 'editor@playground.local', password: 'Editor-1-playground' };
/** Somebody who may look at the page and nothing else. */
const viewer = { email: 'viewer@playground.local', password: 'Viewer-1-playground' };

export interface BrowserSite {
  readonly origin: string;
  /** Tokens of those who can sign in; each signs in once, since Strapi limits that. */
  readonly tokens: Readonly<Record<'admin' | 'editor' | 'viewer', string>>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Sets the clock of the site that many milliseconds back. */
  turnBack(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** How long a site may take to stop in order, milliseconds. */
const STOP_MS = 15_000;

/**
 * A site in a process of its own, as in production, with the playground's content and admin panel.
 * @param template folder of a seeded playground
 * @param environment for its process
 */
export async function startBrowserSite(
  template: string,
  options: UpstashCacheConfig,
  environment: Readonly<Record<string, string>> = {},
): Promise<BrowserSite> {
  const appDir = await prepareSite();
  const folder = mkdtempSync(path.join(tmpdir(), 'site-'));
  cpSync(template, folder, { recursive: true });
  const port = await freePort();
  const what = JSON.stringify({ appDir, plugin: ROOT, options, editor, viewer });
  const child = fork(path.join(ROOT, 'tests/browser/serve.mjs'), [what], {
    cwd: appDir,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...SECRETS,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_CLIENT: 'sqlite',
      DATABASE_FILENAME: path.join(folder, 'data.db'),
      PUBLIC_DIR: path.join(folder, 'public'),
      ...environment,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (log += String(text)));
  const closed = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await Promise.race([
    new Promise((resolve) => child.once('message', resolve)),
    closed.then(() => Promise.reject(new Error(`the site did not start:\n${log}`))),
  ]);
  const origin = `http://127.0.0.1:${port}`;
  const get: BrowserSite['get'] = (url, headers = {}) => send(origin, url, { headers });
  const post: BrowserSite['post'] = (url, body, headers = {}) =>
    send(origin, url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const signIn = async (as: { email: string; password: string }): Promise<string> =>
    (await post('/admin/login', as)).json<{ data: { token: string } }>().data.token;
  const tokens = {
    admin: await signIn(admin),
    editor: await signIn(editor),
    viewer: await signIn(viewer),
  };
  const turnBack = async (milliseconds: number): Promise<void> => {
    const done = new Promise((resolve) => child.once('message', resolve));
    child.send({ turnBack: milliseconds });
    await done;
  };
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await closed;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  return { origin, tokens, get, post, turnBack, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
