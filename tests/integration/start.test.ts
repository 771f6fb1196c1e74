import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../support/root';
import { startSite, useSite } from '../support/strapi';

describe('the plugin switched off', () => {
  it('by `enabled: false` in config/plugins leaves every request alone', async () => {
    const site = await startSite({ cache: false });
    try {
      for (const answer of [await site.get('/api/tags'), await site.get('/api/tags')]) {
        expect(answer.status).toBe(200);
        expect(answer.header('x-cache')).toBeUndefined();
      }
      expect(site.log.filter((line) => line.includes('upstash-cache'))).toEqual([]);
    } finally {
      await site.stop();
    }
  });

  it('by its own option `enabled` says so once and leaves every request alone', async () => {
    const site = await startSite({ cache: { enabled: false } });
    try {
      await site.get('/api/tags');
      const answer = await site.get('/api/tags');
      expect(answer.status).toBe(200);
      expect(answer.header('x-cache')).toBeUndefined();
      expect(site.log.filter((line) => line.includes('upstash-cache'))).toEqual([
        'info: [upstash-cache] switched off by the option "enabled"',
      ]);
    } finally {
      await site.stop();
    }
  });
});

describe('environment variables', () => {
  const site = useSite({ cache: {}, env: { CACHE_TTL_SECONDS: '77', CACHE_KEY_PREFIX: 'shop' } });

  it('give the options that config/plugins does not', async () => {
    const answer = await site().get('/api/tags');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=77');
  });
});

describe('options in config/plugins', () => {
  const site = useSite({ cache: { ttl: '5 m' }, env: { CACHE_TTL_SECONDS: '77' } });

  it('win over environment variables', async () => {
    const answer = await site().get('/api/tags');
    expect(answer.header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=300');
  });
});

/** A small application of its own, started as its users do. */
class App {
  private child: ChildProcess | undefined;
  readonly dir = mkdtempSync(path.join(tmpdir(), 'app-'));

  constructor(cache: string) {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.dir, 'node_modules'));
    const dependencies = { '@strapi/strapi': '5' };
    this.write('package.json', JSON.stringify({ name: 'app', version: '1.0.0', dependencies }));
    this.write(
      'config/plugins.js',
      `module.exports = { 'upstash-cache': { resolve: ${JSON.stringify(ROOT)}, ${cache} } };`,
    );
    this.write('config/admin.js', `module.exports = { auth: { secret: 's' }, apiToken: { salt: 's' } };`);
    this.write('config/server.js', `module.exports = { host: '127.0.0.1', port: 0, app: { keys: ['k'] } };`);
    this.write(
      'config/database.js',
      `module.exports = { connection: { client: 'sqlite', connection: { filename: ':memory:' }, useNullAsDefault: true } };`,
    );
    this.write('src/index.js', 'module.exports = {};');
    mkdirSync(path.join(this.dir, 'public/uploads'), { recursive: true });
  }

  /** @returns how `strapi start` ended and what it wrote */
  async start(env: Record<string, string> = {}): Promise<{ code: number | null; output: string }> {
    const child = spawn(
      process.execPath,
      [path.join(ROOT, 'node_modules/@strapi/strapi/bin/strapi.js'), 'start'],
      {
        cwd: this.dir,
        env: { PATH: process.env.PATH, NODE_ENV: 'test', STRAPI_TELEMETRY_DISABLED: 'true', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (output += stripVTControlCharacters(String(text))));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }

  remove(): void {
    this.child?.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  private write(file: string, text: string): void {
    const target = path.join(this.dir, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

describe('a wrong configuration stops Strapi at start', () => {
  let app: App | undefined;
  const start = (cache: string, env?: Record<string, string>) => {
    app = new App(cache);
    return app.start(env);
  };
  afterEach(() => app?.remove());

  it('and names every wrong option, what was given and what is allowed', async () => {
    const { code, output } = await start(`enabled: true, config: { ttl: -5, rulez: [], store: 'disk' }`);
    expect(code).toBe(1);
    expect(output).toContain('Error regarding upstash-cache config: wrong options in config/plugins:');
    expect(output).toContain(
      '  ttl: got -5 (number); allowed: seconds as a number above 0, or a text such as "10 s", "5 m", "1 h"',
    );
    expect(output).toContain('  rulez: unknown option; did you mean "rules"?; allowed: enabled, ttl, prefix');
    expect(output).toContain('  store: got "disk" (string); allowed: "auto", "memory", "upstash" or "redis"');
  });

  it('when an environment variable is wrong as well', async () => {
    const { code, output } = await start('enabled: true', { CACHE_TTL_SECONDS: 'soon' });
    expect(code).toBe(1);
    expect(output).toContain('  ttl: got "soon" (string); allowed: seconds');
  });

  it('when half of the address of Upstash is missing, without showing the other half', async () => {
    const { code, output } = await start('enabled: true', { UPSTASH_REDIS_REST_TOKEN: 'very-secret' });
    expect(code).toBe(1);
    expect(output).toContain('UPSTASH_REDIS_REST_URL');
    expect(output).not.toContain('very-secret');
  });

  it('when the store is Redis and has no address', async () => {
    const { code, output } = await start(`enabled: true, config: { store: 'redis' }`);
    expect(code).toBe(1);
    expect(output).toContain('neither redis.url nor CACHE_REDIS_URL is set');
  });
});
