import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Context } from 'koa';
import { beforeEach, describe, expect, it } from 'vitest';
import { entryBytes } from '../../server/src/core/entry';
import { cacheOf, documents, purgeAll } from '../support/content';
import { runtimeOf } from '../support/runtime';
import type { Answer } from '../support/http';
import { addRoutes, readTags } from '../support/routes';
import { useSite, type Site } from '../support/strapi';
import { until } from '../support/until';

const URL = '/api/articles?populate=*';
const CHROMIUM = 'gzip, deflate, br, zstd';

/** Hits until one comes in another form than the bytes of the handler. */
async function encodedHit(site: Site, url: string, headers: Record<string, string>): Promise<Answer> {
  let answer = await site.get(url, headers);
  await until('a hit in a content coding', async () => {
    answer = await site.get(url, headers);
    return answer.header('content-encoding') !== undefined;
  });
  return answer;
}

/** Hits, long after everything that was asked for has been made. */
async function settledHit(site: Site, url: string, headers: Record<string, string>): Promise<Answer> {
  for (let i = 0; i < 3; i++) await site.get(url, headers);
  await runtimeOf(site.strapi).codings?.idle();
  return site.get(url, headers);
}

describe('hits in a content coding (RFC 9110 sections 8.4 and 12.5.3)', () => {
  const bodies: Record<string, { type?: string; body: string | Buffer; headers?: Record<string, string> }> = {
    small: { body: 'x'.repeat(200), type: 'text/plain' },
    picture: { body: Buffer.alloc(4096), type: 'image/png' },
    untouched: {
      body: 'x'.repeat(4096),
      type: 'text/plain',
      headers: { 'Cache-Control': 'max-age=60, no-transform' },
    },
    strong: { body: 'y'.repeat(4096), type: 'text/plain', headers: { ETag: '"v1"' } },
  };
  const site = useSite({
    register: ({ strapi }) =>
      addRoutes(strapi, 'bodies', [
        {
          path: '/bodies/:name',
          handler: async (ctx: Context) => {
            await readTags(strapi);
            const { type = '', body, headers = {} } = bodies[String(ctx.params.name)] ?? { body: '' };
            ctx.set(headers);
            ctx.type = type;
            ctx.body = body;
          },
        },
      ]),
  });
  beforeEach(() => purgeAll(site().strapi));

  it('bring the article list with at most a fifth of the bytes', async () => {
    const plain = await site().get(URL);
    const hit = await encodedHit(site(), URL, { 'accept-encoding': CHROMIUM });
    expect(hit.header('content-encoding')).toBe('br');
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.body.byteLength * 5).toBeLessThan(plain.body.byteLength);
    expect(Number(hit.header('content-length'))).toBe(hit.body.byteLength);
    expect(brotliDecompressSync(hit.body).equals(plain.body)).toBe(true);
  });

  it('follow the answer that asked for the coding: that one is sent as it is stored', async () => {
    const headers = { 'accept-encoding': 'br' };
    const miss = await site().get(URL, headers);
    const first = await site().get(URL, headers);
    expect([miss.header('x-cache'), first.header('x-cache')]).toEqual(['MISS', 'HIT']);
    expect(first.header('content-encoding')).toBeUndefined();
    expect(first.body.equals(miss.body)).toBe(true);
  });

  it('are made once, however many ask', async () => {
    await site().get(URL);
    const headers = { 'accept-encoding': 'br' };
    await Promise.all(Array.from({ length: 20 }, () => site().get(URL, headers)));
    const { store } = runtimeOf(site().strapi);
    await until('the form is there', () => [...store.entries()].some((it) => it.encoded?.br));
    const [made] = [...store.entries()].map((it) => it.encoded?.br);
    await settledHit(site(), URL, headers);
    expect([...store.entries()].map((it) => it.encoded?.br)[0]).toBe(made);
  });

  it.each([
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['*', 'br'],
    ['identity;q=0, gzip', 'gzip'],
  ])('are in the coding that `Accept-Encoding: %s` prefers: %s', async (accepted, coding) => {
    const plain = await site().get(URL);
    const hit = await encodedHit(site(), URL, { 'accept-encoding': accepted });
    expect(hit.header('content-encoding')).toBe(coding);
    const content = coding === 'br' ? brotliDecompressSync(hit.body) : gunzipSync(hit.body);
    expect(content.equals(plain.body)).toBe(true);
  });

  it.each(['', 'identity', 'deflate', 'br;q=0', '*;q=0', 'identity;q=1, br;q=0.5'])(
    'are none for `Accept-Encoding: %s`, although the forms are there',
    async (accepted) => {
      await encodedHit(site(), URL, { 'accept-encoding': 'br' });
      await encodedHit(site(), URL, { 'accept-encoding': 'gzip' });
      const hit = await settledHit(site(), URL, { 'accept-encoding': accepted });
      expect(hit.header('x-cache')).toBe('HIT');
      expect(hit.header('content-encoding')).toBeUndefined();
      expect(hit.json<{ data: unknown[] }>().data).not.toHaveLength(0);
    },
  );

  it('say so in Vary on every form, the miss included (RFC 9110 section 12.5.5)', async () => {
    const miss = await site().get(URL);
    const plain = await site().get(URL);
    const hit = await encodedHit(site(), URL, { 'accept-encoding': 'br' });
    for (const answer of [miss, plain, hit])
      expect(answer.header('vary')?.match(/accept-encoding/gi)).toHaveLength(1);
  });

  it('answer HEAD with the fields of GET', async () => {
    const headers = { 'accept-encoding': 'br' };
    const hit = await encodedHit(site(), URL, headers);
    const head = await site().send(URL, { method: 'HEAD', headers });
    expect(head.header('content-encoding')).toBe('br');
    expect(head.header('content-length')).toBe(hit.header('content-length'));
    expect(head.body).toHaveLength(0);
  });

  it('keep the CORS fields of the application', async () => {
    const headers = { 'accept-encoding': 'br', origin: 'https://front.example' };
    const hit = await encodedHit(site(), URL, headers);
    expect(hit.header('access-control-allow-origin')).toBe('https://front.example');
    expect(hit.header('vary')).toMatch(/origin/i);
    expect(brotliDecompressSync(hit.body).toString()).toContain('"data"');
  });

  it('fall with their entry', async () => {
    await encodedHit(site(), URL, { 'accept-encoding': 'br' });
    const articles = documents(site().strapi, 'api::article.article');
    const { documentId } = await articles.findFirst({ status: 'published' });
    await articles.update({ documentId, data: { title: 'Renamed' } });
    await articles.publish({ documentId });
    const answer = await site().get(URL, { 'accept-encoding': 'br' });
    expect(answer.header('x-cache')).toBe('MISS');
    expect(answer.body.toString()).toContain('Renamed');
  });

  it('weaken the validator of a handler, whose bytes they are not (RFC 9110 section 8.8.1)', async () => {
    expect((await site().get('/api/bodies/strong')).header('etag')).toBe('"v1"');
    const hit = await encodedHit(site(), '/api/bodies/strong', { 'accept-encoding': 'gzip' });
    expect(hit.header('etag')).toBe('W/"v1"');
  });

  it.each(['small', 'picture', 'untouched'])('leave a body alone that is %s', async (name) => {
    const hit = await settledHit(site(), `/api/bodies/${name}`, { 'accept-encoding': CHROMIUM });
    expect(hit.header('x-cache')).toBe('HIT');
    expect(hit.header('content-encoding')).toBeUndefined();
  });

  it('count in the bytes of the memory', async () => {
    await site().get(URL);
    const before = cacheOf(site().strapi).stats().bytes;
    const hit = await encodedHit(site(), URL, { 'accept-encoding': 'br' });
    const stats = cacheOf(site().strapi).stats();
    expect(stats.bytes - before).toBeGreaterThan(hit.body.byteLength);
    const { store } = runtimeOf(site().strapi);
    expect([...store.entries()].reduce((sum, it) => sum + entryBytes(it), 0)).toBe(stats.bytes);
  });
});

describe('a site with strapi::compression', () => {
  const site = useSite({
    middlewares: (entries) => [...entries, { name: 'strapi::compression', config: { br: false } }],
  });

  it('is sent compressed once, and in no coding that it switched off', async () => {
    const plain = await site().get(URL, { 'accept-encoding': 'identity' });
    const hit = await settledHit(site(), URL, { 'accept-encoding': CHROMIUM });
    expect(hit.header('content-encoding')).toBe('gzip');
    expect(hit.header('content-length')).toBe(String(hit.body.byteLength));
    expect(gunzipSync(hit.body).equals(plain.body)).toBe(true);
    expect(hit.header('vary')?.match(/accept-encoding/gi)).toHaveLength(1);
  });
});

describe('a site with a middleware of its own before the lookup', () => {
  const seen: string[] = [];
  const site = useSite({
    register: ({ strapi }) => {
      strapi.server.use(async (ctx: Context, next) => {
        await next();
        if (ctx.path === '/api/tags') seen.push(String(ctx.body));
      });
    },
  });

  it('shows it the body as the handler made it', async () => {
    await settledHit(site(), '/api/tags', { 'accept-encoding': 'br' });
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('"data"');
  });
});

describe('a site that has compression of entries switched off', () => {
  const site = useSite({ cache: { compression: { enabled: false } } });

  it('sends them as they are stored', async () => {
    const hit = await settledHit(site(), URL, { 'accept-encoding': 'br' });
    expect(hit.header('content-encoding')).toBeUndefined();
    expect(hit.header('vary') ?? '').not.toMatch(/accept-encoding/i);
  });
});
