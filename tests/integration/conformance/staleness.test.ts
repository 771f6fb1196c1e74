import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, purgeAll } from '../../support/content';
import type { Answer } from '../../support/http';
import { Origin, renameTag } from '../../support/origin';
import { onStores } from '../../support/stores';
import type { Site } from '../../support/strapi';
import { until } from '../../support/until';
import type { StatsService } from '../../../server/src/services';

const STORES = ['memory', 'upstash', 'redis'] as const;
const body = (answer: Answer): { run: number; tag: string } => answer.json();

const renewed = (site: Site, url: string, headers: Record<string, string> = {}): Promise<void> =>
  until('renewed', async () => (await site.get(url, headers)).header('x-cache') === 'HIT');

describe('stale responses (RFC 5861, RFC 9111 section 4.2.4)', () => {
  const origin = new Origin();
  const cache = {
    ttl: '1 m',
    staleWhileRevalidate: '1 m',
    staleIfError: '10 m',
    maxRefreshes: 2,
    rules: [
      { path: '/api/thing/soft', softPurge: true },
      { path: '/api/thing/keyed', keyedHeaders: ['X-Shop'] },
      { path: '/api/thing/strict', staleWhileRevalidate: 0, staleIfError: 0 },
    ],
  };

  onStores(STORES, { cache, register: origin.register }, (site) => {
    /** A response that is past its lifetime by so many seconds. */
    const stale = async (
      url: string,
      seconds = 10,
      headers: Record<string, string> = {},
    ): Promise<Answer> => {
      const miss = await site().get(url, headers);
      expect(miss.header('cache-status')).toContain('stored; ttl=60');
      site().date.advance(60_000 + seconds * 1000);
      return miss;
    };

    beforeEach(async () => {
      origin.reset();
      await purgeAll(site().strapi);
    });

    // The first, since the shared stores tell the time of a purge by the clock of Redis, which no test moves.
    it('are served after a purge where the rule makes it a soft one, for as long as the window', async () => {
      const url = '/api/thing/soft';
      await site().get(url);
      await renameTag(site().strapi, 'Soft');
      origin.hold();
      const answer = await site().get(url);
      expect([answer.header('x-cache'), body(answer).run]).toEqual(['STALE', 1]);
      expect(answer.header('cache-status')).toMatch(
        /^Strapi; hit; ttl=(0|-\d); detail=stale-while-revalidate$/,
      );
      origin.release();
      await renewed(site(), url);
      expect(body(await site().get(url))).toMatchObject({ run: 2, tag: 'Soft' });
      await renameTag(site().strapi, 'Softer');
      const { history } = cacheOf(site().strapi);
      await until('delivered', () => history().every((it) => it.took !== null));
      site().date.advance(61_000);
      expect(body(await site().get(url))).toMatchObject({ run: 3, tag: 'Softer' });
    });

    it('are removed at once by a purge by hand, whatever the rule', async () => {
      await site().get('/api/thing/soft');
      await cacheOf(site().strapi).purge({ paths: ['/api/thing/soft'] });
      expect((await site().get('/api/thing/soft')).header('x-cache')).toBe('MISS');
    });

    it('are answers at once, marked, with their age and no Warning, while one refresh runs behind', async () => {
      const url = '/api/thing/one';
      const first = await stale(url);
      origin.hold();
      const answers = await Promise.all(Array.from({ length: 20 }, () => site().get(url)));
      expect(new Set(answers.map((it) => it.header('x-cache')))).toEqual(new Set(['STALE']));
      expect(new Set(answers.map((it) => body(it).run))).toEqual(new Set([1]));
      await until('a refresh runs', () => origin.runs === 2);
      const [answer] = answers;
      expect(answer?.header('cache-status')).toMatch(
        /^Strapi; hit; ttl=-1[0-2]; detail=stale-while-revalidate$/,
      );
      expect(Number(answer?.header('age'))).toBeGreaterThanOrEqual(70);
      expect(answer?.header('warning')).toBeUndefined();
      expect(answer?.header('etag')).toBe(first.header('etag'));
      origin.release();
      await renewed(site(), url);
      expect(origin.runs).toBe(2);
      expect(body(await site().get(url)).run).toBe(2);
    });

    it('answer HEAD and conditional requests as fresh ones do', async () => {
      const url = '/api/thing/head';
      const etag = (await stale(url)).header('etag') ?? '';
      origin.hold();
      const head = await site().send(url, { method: 'HEAD' });
      expect([head.status, head.header('x-cache'), head.body.length]).toEqual([200, 'STALE', 0]);
      const known = await site().get(url, { 'if-none-match': etag });
      expect([known.status, known.header('x-cache'), known.body.length]).toEqual([304, 'STALE', 0]);
    });

    it('are over with the window: the next visitor waits for the handler', async () => {
      const url = '/api/thing/window';
      await stale(url, 60);
      const answer = await site().get(url);
      expect([answer.header('x-cache'), body(answer).run]).toEqual(['MISS', 2]);
      expect(answer.header('cache-status')).toBe('Strapi; fwd=stale; stored; ttl=60');
    });

    it('are not served where the rule has no window', async () => {
      await stale('/api/thing/strict', 0);
      expect((await site().get('/api/thing/strict')).header('x-cache')).toBe('MISS');
    });

    it('are never served across a purge', async () => {
      const url = '/api/thing/purged';
      await stale(url);
      await renameTag(site().strapi, 'Purged');
      const answer = await site().get(url);
      expect([answer.header('x-cache'), body(answer).tag]).toEqual(['MISS', 'Purged']);
    });

    it('give way to a purge that comes while they are refreshed, and so does the refresh', async () => {
      const url = '/api/thing/race';
      await stale(url);
      origin.hold();
      expect((await site().get(url)).header('x-cache')).toBe('STALE');
      await until('the refresh has read', () => origin.runs === 2);
      await renameTag(site().strapi, 'Winner');
      const late = site().get(url);
      origin.release();
      expect([(await late).header('x-cache'), body(await late).tag]).toEqual(['MISS', 'Winner']);
      expect(body(await site().get(url)).tag).toBe('Winner');
    });

    it('stand in for a handler that fails, until their window is over', async () => {
      const url = '/api/thing/failing';
      await stale(url, 100);
      origin.behave = (ctx) => {
        ctx.set('Retry-After', '5');
        ctx.status = 503;
      };
      const answer = await site().get(url, { origin: 'https://elsewhere.example' });
      expect([answer.status, answer.header('x-cache'), body(answer).run]).toEqual([200, 'STALE', 1]);
      expect(answer.header('cache-status')).toMatch(
        /^Strapi; fwd=stale; fwd-status=503; ttl=-10\d; detail=stale-if-error$/,
      );
      expect(answer.header('retry-after')).toBeUndefined();
      expect(answer.header('access-control-allow-origin')).toBe('https://elsewhere.example');
      expect(Number(answer.header('age'))).toBeGreaterThanOrEqual(160);
      origin.behave = () => Promise.reject(new Error('broken'));
      expect((await site().get(url)).header('cache-status')).toContain('fwd-status=500');
      site().date.advance(500_000);
      expect((await site().get(url)).status).toBe(500);
    });

    it('stand in for everybody who waited for the handler that failed, which ran once', async () => {
      const url = '/api/thing/crowd';
      await stale(url, 100);
      origin.hold();
      origin.behave = (ctx) => (ctx.status = 502);
      const waiting = Array.from({ length: 5 }, () => site().get(url));
      await until('the handler runs', () => origin.runs === 2);
      await new Promise((resolve) => setTimeout(resolve, 50));
      origin.release();
      const answers = await Promise.all(waiting);
      expect(answers.map((it) => [it.status, it.header('x-cache')])).toEqual(
        answers.map(() => [200, 'STALE']),
      );
      expect(origin.runs).toBe(2);
    });

    it('do not stand in for an error of the client, nor after a purge', async () => {
      const url = '/api/thing/gone';
      await stale(url, 100);
      origin.behave = (ctx) => (ctx.status = 404);
      expect((await site().get(url)).status).toBe(404);
      origin.behave = (ctx) => (ctx.status = 503);
      await renameTag(site().strapi, 'Gone');
      expect((await site().get(url)).status).toBe(503);
    });

    it('stay when their refresh fails, which is not tried again at once', async () => {
      const url = '/api/thing/pause';
      await stale(url);
      origin.behave = (ctx) => (ctx.status = 503);
      expect((await site().get(url)).header('x-cache')).toBe('STALE');
      await until('the refresh ran', () => origin.runs === 2);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await site().get(url)).header('x-cache')).toBe('STALE');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(origin.runs).toBe(2);
      site().date.advance(2000);
      origin.behave = () => undefined;
      await renewed(site(), url);
    });

    it('go when the application now says what must not be stored', async () => {
      const url = '/api/thing/private';
      await stale(url);
      origin.behave = (ctx) => ctx.set('Cache-Control', 'private');
      expect((await site().get(url)).header('x-cache')).toBe('STALE');
      await until('gone', async () => (await site().get(url)).header('x-cache') === 'MISS');
    });

    it('are refreshed with what the key covers and nothing else', async () => {
      const url = '/api/thing/keyed';
      const headers = { 'x-shop': 'north', 'x-other': '1', cookie: 'a=1' };
      await stale(url, 10, headers);
      const seen: object[] = [];
      const note = (request: { headers: Record<string, unknown> }): void =>
        void (
          String(request.headers['user-agent']).startsWith('strapi-plugin') && seen.push(request.headers)
        );
      site().strapi.server.httpServer.prependListener('request', note);
      expect((await site().get(url, headers)).header('x-cache')).toBe('STALE');
      await renewed(site(), url, headers);
      site().strapi.server.httpServer.off('request', note);
      expect(seen).toEqual([
        { 'user-agent': 'strapi-plugin-upstash-cache', host: 'localhost:80', 'x-shop': 'north' },
      ]);
    });

    it('are refreshed no more of them at once than configured', async () => {
      const urls = ['/api/thing/a', '/api/thing/b', '/api/thing/c'];
      for (const url of urls) await site().get(url);
      site().date.advance(70_000);
      origin.hold();
      for (const url of urls) expect((await site().get(url)).header('x-cache')).toBe('STALE');
      await until('two run', () => origin.runs === 5);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(origin.runs).toBe(5);
      origin.release();
      await renewed(site(), '/api/thing/a');
      await renewed(site(), '/api/thing/c');
      expect(origin.runs).toBe(6);
    });

    it('are counted, and so are their refreshes', async () => {
      const stats = site().strapi.plugin('upstash-cache').service('stats') as StatsService;
      const before = stats.summary('1h').totals;
      await stale('/api/thing/counted');
      await site().get('/api/thing/counted');
      await until('counted', () => stats.summary('1h').totals.refreshes > before.refreshes);
      expect(stats.summary('1h').totals.stale - before.stale).toBe(1);
    });

    it('are allowed or forbidden by the response itself', async () => {
      const after = async (control: string): Promise<string | undefined> => {
        origin.behave = (ctx) => ctx.set('Cache-Control', control);
        const url = `/api/thing/${Math.random()}`;
        await site().get(url);
        site().date.advance(90_000);
        return (await site().get(url)).header('x-cache');
      };
      expect(await after('max-age=60')).toBe('STALE');
      expect(await after('max-age=60, must-revalidate')).toBe('MISS');
      expect(await after('s-maxage=60')).toBe('MISS');
      expect(await after('max-age=60, stale-while-revalidate=10')).toBe('MISS');
      expect(await after('max-age=20, stale-while-revalidate=100')).toBe('STALE');
    });
  });
});
