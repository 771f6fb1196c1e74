import { beforeEach, describe, expect, it } from 'vitest';
import { documents, purgeAll } from '../../support/content';
import { Origin } from '../../support/origin';
import { onStores } from '../../support/stores';
import { useSite } from '../../support/strapi';

const LIST = '/api/articles?populate=*';
const MODIFIED = 'Sun, 06 Nov 1994 08:49:37 GMT';
const LATER = 'Sun, 06 Nov 1994 08:49:38 GMT';
const EARLIER = 'Sun, 06 Nov 1994 08:49:36 GMT';

describe('conditional requests (RFC 9110 section 13)', () => {
  const origin = new Origin();

  onStores(['memory', 'upstash'], { register: origin.register }, (site) => {
    beforeEach(async () => {
      origin.reset();
      await purgeAll(site().strapi);
    });

    it('are possible for every stored response: it has a weak entity tag, the same on miss and hit', async () => {
      const miss = await site().get(LIST);
      const hit = await site().get(LIST);
      expect(miss.header('etag')).toMatch(/^W\/"[\w-]{22}"$/);
      expect([hit.header('x-cache'), hit.header('etag')]).toEqual(['HIT', miss.header('etag')]);
    });

    it('are answered with 304 on a hit, with the fields that a 304 repeats and no others', async () => {
      const miss = await site().get(LIST);
      const etag = miss.header('etag') ?? '';
      const hit = await site().get(LIST);
      const answer = await site().get(LIST, { 'if-none-match': etag });
      expect(answer.status).toBe(304);
      expect(answer.body).toHaveLength(0);
      expect(answer.fields.map(([name]) => name.toLowerCase()).sort()).toEqual(
        ['age', 'cache-status', 'connection', 'date', 'etag', 'vary', 'x-cache'].sort(),
      );
      expect(answer.header('etag')).toBe(etag);
      expect(answer.header('date')).toBe(hit.header('date'));
      expect(answer.header('vary')).toBe(hit.header('vary'));
      expect(answer.header('x-cache')).toBe('HIT');
    });

    it('are answered with 304 on a miss too, and what is stored is the whole response', async () => {
      const etag = (await site().get(LIST)).header('etag') ?? '';
      await purgeAll(site().strapi);
      const answer = await site().get(LIST, { 'if-none-match': etag });
      expect([answer.status, answer.header('x-cache'), answer.body.length]).toEqual([304, 'MISS', 0]);
      expect(answer.header('content-type')).toBeUndefined();
      const whole = await site().get(LIST);
      expect([whole.status, whole.header('x-cache')]).toEqual([200, 'HIT']);
      expect(whole.json<{ data: unknown[] }>().data).not.toHaveLength(0);
    });

    it('are answered in full when the content has changed', async () => {
      const etag = (await site().get(LIST)).header('etag') ?? '';
      const [article] = (await site().get('/api/articles')).json<{ data: { documentId: string }[] }>().data;
      const change = { status: 'published', data: { title: `Changed ${Math.random()}` } };
      const { documentId = '' } = article ?? {};
      await documents(site().strapi, 'api::article.article').update({ documentId, ...change });
      const answer = await site().get(LIST, { 'if-none-match': etag });
      expect(answer.status).toBe(200);
      expect(answer.header('etag')).not.toBe(etag);
    });
  });
});

describe('conditions, one by one (RFC 9110 sections 13.1 and 13.2)', () => {
  const origin = new Origin();
  const site = useSite({ register: origin.register });
  beforeEach(async () => {
    origin.reset();
    await purgeAll(site().strapi);
    origin.behave = (ctx) => ctx.set({ ETag: '"v1"', 'Last-Modified': MODIFIED });
  });

  const CASES: [string, Record<string, string>, number][] = [
    ['the same tag, weakly compared', { 'if-none-match': 'W/"v1"' }, 304],
    ['a list that holds the tag', { 'if-none-match': '"v0", "a,b" ,W/"v1"' }, 304],
    ['any tag', { 'if-none-match': '*' }, 304],
    ['another tag', { 'if-none-match': '"v2"' }, 200],
    ['another tag, whatever the date says', { 'if-none-match': '"v2"', 'if-modified-since': LATER }, 200],
    ['the same tag, whatever the date says', { 'if-none-match': '"v1"', 'if-modified-since': EARLIER }, 304],
    ['the date of the last change', { 'if-modified-since': MODIFIED }, 304],
    ['a later date', { 'if-modified-since': LATER }, 304],
    ['an earlier date', { 'if-modified-since': EARLIER }, 200],
    ['a date that is none', { 'if-modified-since': '2999' }, 200],
    ['what only an origin evaluates', { 'if-match': '"v0"', 'if-unmodified-since': EARLIER }, 200],
    ['the same tag, and a reload', { 'if-none-match': '"v1"', 'cache-control': 'no-cache' }, 304],
  ];

  it.each(CASES)('%s', async (_what, headers, status) => {
    const url = '/api/thing/one';
    const miss = await site().get(url, headers);
    const hit = await site().get(url, headers);
    expect([miss.header('x-cache'), hit.header('x-cache')]).toEqual(['MISS', 'HIT']);
    expect([miss.status, hit.status]).toEqual([status, status]);
    const head = await site().send(url, { method: 'HEAD', headers });
    expect([head.status, head.header('x-cache')]).toEqual([status, 'HIT']);
    const cross = await site().get(url, { ...headers, origin: 'https://elsewhere.example' });
    expect([cross.status, cross.header('access-control-allow-origin')]).toEqual([
      status,
      'https://elsewhere.example',
    ]);
  });

  it("keep a handler's own tag and its Last-Modified, which nothing ever invents", async () => {
    await site().get('/api/thing/own');
    const own = await site().get('/api/thing/own');
    expect([own.header('etag'), own.header('last-modified')]).toEqual(['"v1"', MODIFIED]);
    const list = await site().get('/api/articles');
    expect(list.header('last-modified')).toBeUndefined();
    const since = { 'if-modified-since': new Date(Date.now() + 1e6).toUTCString() };
    expect((await site().get('/api/articles', since)).status).toBe(200);
  });

  it('hold for a response that is for one caller, where the handler set a tag', async () => {
    origin.behave = (ctx) => ctx.set({ ETag: '"mine"', 'Cache-Control': 'private' });
    const answer = await site().get('/api/thing/private', { 'if-none-match': '"mine"' });
    expect([answer.status, answer.body.length]).toEqual([304, 0]);
  });

  it('do not apply to what is no success', async () => {
    origin.behave = (ctx) => (ctx.status = 400);
    expect((await site().get('/api/thing/bad', { 'if-none-match': '*' })).status).toBe(400);
  });

  it('hold for everybody who waited for the same fill', async () => {
    origin.hold();
    const waiting = [1, 2, 3].map(() => site().get('/api/thing/crowd', { 'if-none-match': '"v1"' }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    origin.release();
    expect((await Promise.all(waiting)).map((it) => it.status)).toEqual([304, 304, 304]);
  });
});
