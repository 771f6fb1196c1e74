import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../server/src/core/outbox';
import { sendWebhook, signatureOf } from '../../server/src/services/webhooks';
import { ROOT } from '../support/root';

type Purge = (notice: Notice) => unknown;

interface Receivers {
  isSigned(header: string | null, body: string, secret: string, now?: number): boolean;
  receiver(secret: string | undefined, purge: Purge): (request: Request) => Promise<Response>;
  purgeCloudflare(options: { zone: string; token: string; api: string }): Purge;
  purgeFastly(options: { service: string; token: string; api: string }): Purge;
  purgeNext(revalidateTag: (tag: string, profile: { expire: number }) => void): Purge;
}

const load = async (name: string): Promise<object> =>
  (await import(pathToFileURL(path.join(ROOT, 'docs/receivers', name)).href)) as object;

const { isSigned, receiver, purgeCloudflare, purgeFastly, purgeNext } = Object.assign(
  {},
  ...(await Promise.all(['receiver.mjs', 'cloudflare.mjs', 'fastly.mjs', 'nextjs.mjs'].map(load))),
) as Receivers;

const SECRET = 'a secret of both sides';
const NOW = Date.now();
const seconds = Math.floor(NOW / 1000);
const notice = (tags: string[], all = false): Notice => ({ all, tags, paths: [], morePaths: false });

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('the signature of a webhook, as the documented receiver sees it', () => {
  const header = signatureOf(SECRET, seconds, '{"tags":[]}');

  it.each<[string, boolean, string | null, string, string, number]>([
    ['is right', true, header, '{"tags":[]}', SECRET, NOW],
    ['is right for five minutes', true, header, '{"tags":[]}', SECRET, NOW + 299_000],
    ['is too old after that', false, header, '{"tags":[]}', SECRET, NOW + 302_000],
    ['does not fit another body', false, header, '{"tags":["x"]}', SECRET, NOW],
    ['does not fit another secret', false, header, '{"tags":[]}', 'another secret', NOW],
    [
      'does not fit another time',
      false,
      header.replace(/t=\d+/, `t=${seconds + 1}`),
      '{"tags":[]}',
      SECRET,
      NOW,
    ],
    ['is missing', false, null, '{"tags":[]}', SECRET, NOW],
    ['is malformed', false, 'v1=abc', '{"tags":[]}', SECRET, NOW],
  ])('%s', (_what, verdict, signature, body, secret, now) => {
    expect(isSigned(signature, body, secret, now)).toBe(verdict);
  });
});

describe('the documented receivers', () => {
  const calls: { path: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  const revalidated: unknown[][] = [];
  let status = 200;
  const server = createServer((request, response) => {
    void textOf(request).then(async (text) => {
      if (request.url !== '/webhook') {
        calls.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) });
        response.statusCode = status;
        return response.end('{}');
      }
      const headers = new Headers(request.headers as Record<string, string>);
      const asked = new Request(`${api}/webhook`, { method: 'POST', headers, body: text });
      const answer = await handle(asked).catch(() => new Response(null, { status: 500 }));
      response.statusCode = answer.status;
      return response.end();
    });
  });
  let api = '';
  let handle: (request: Request) => Promise<Response>;
  const send = (what: Notice, secret = SECRET): Promise<void> =>
    sendWebhook({ url: `${api}/webhook`, secret }, what, Date.now());

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    calls.length = 0;
    revalidated.length = 0;
    status = 200;
  });
  afterAll(() => void server.close());

  it('refuse what is not signed with their secret, and say so', async () => {
    handle = receiver(SECRET, () => calls.push({ path: '', headers: {}, body: null }));
    await expect(send(notice(['a']), 'not that secret')).rejects.toThrow('status 401');
    expect(calls).toEqual([]);
    expect(() => receiver(undefined, () => {})).toThrow('not set');
  });

  it('purge Cloudflare by tags, thirty at a time, and everything', async () => {
    handle = receiver(SECRET, purgeCloudflare({ zone: 'z1', token: 'cf', api }));
    await send(notice(Array.from({ length: 31 }, (_, i) => `t${i}`)));
    await send(notice([], true));
    expect(calls.map((it) => it.path)).toEqual(Array(3).fill('/zones/z1/purge_cache'));
    expect(calls[0]?.headers.authorization).toBe('Bearer cf');
    expect((calls[0]?.body as { tags: string[] }).tags).toHaveLength(30);
    expect(calls.slice(1).map((it) => it.body)).toEqual([{ tags: ['t30'] }, { purge_everything: true }]);
  });

  it('purge Fastly by surrogate keys, and everything', async () => {
    handle = receiver(SECRET, purgeFastly({ service: 's1', token: 'fa', api }));
    await send(notice(['article', 'article:a1']));
    await send(notice([], true));
    expect(calls.map(({ path: to, body }) => [to, body])).toEqual([
      ['/service/s1/purge', { surrogate_keys: ['article', 'article:a1'] }],
      ['/service/s1/purge_all', {}],
    ]);
    expect(calls[0]?.headers['fastly-key']).toBe('fa');
  });

  it('revalidate Next.js by tags, and everything', async () => {
    handle = receiver(
      SECRET,
      purgeNext((...given) => revalidated.push(given)),
    );
    await send(notice(['article', 'article:a1']));
    await send(notice([], true));
    expect(revalidated.map(([tag]) => tag)).toEqual(['article', 'article:a1', 'strapi']);
    expect(revalidated[0]).toEqual(['article', { expire: 0 }]);
  });

  it('answer with an error what they could not purge, so that it is sent again', async () => {
    handle = receiver(SECRET, purgeCloudflare({ zone: 'z1', token: 'cf', api }));
    status = 429;
    await expect(send(notice(['a']))).rejects.toThrow('status 500');
  });
});
