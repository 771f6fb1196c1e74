import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstashCacheConfig } from '../../../server/src/config/schema';
import { purgeAll } from '../../support/content';
import type { Answer } from '../../support/http';
import { Origin, renameTag } from '../../support/origin';
import { onStores } from '../../support/stores';

const cache: UpstashCacheConfig = {
  ttl: '1 m',
  statusTtl: { '301': '20 s', '404': '5 s' },
  rules: [
    { path: '/api/thing/none', statusTtl: { '410': '7 s' } },
    { path: '/api/thing/short', ttl: '3 s' },
  ],
};

describe('lifetimes and what may be stored (RFC 9111 sections 3 and 4.2)', () => {
  const origin = new Origin();

  onStores(['memory', 'upstash'], { cache, register: origin.register }, (site) => {
    beforeEach(async () => {
      origin.reset();
      await purgeAll(site().strapi);
    });

    /** What the second request finds. */
    const second = async (url: string): Promise<{ miss: Answer; hit: Answer }> => {
      const miss = await site().get(url);
      return { miss, hit: await site().get(url) };
    };

    it.each([
      ['of the rule, where the response names none', '', 60],
      ['of s-maxage before max-age', 'max-age=10, s-maxage=30', 30],
      ['of max-age', 'public, max-age=10', 10],
      ['in quotes', 'max-age="10"', 10],
      ['in capitals, with spaces', 'MAX-AGE = 10 ,Public', 10],
      ['that comes first', 'max-age=10, max-age=30', 10],
      ['behind a quoted string that looks like a directive', 'x="a, no-store, max-age=5", max-age=10', 10],
    ])('the lifetime is that %s', async (_what, control, ttl) => {
      if (control) origin.behave = (ctx) => ctx.set('Cache-Control', control);
      const { miss, hit } = await second('/api/thing/lifetime');
      expect(miss.header('cache-status')).toMatch(new RegExp(`; stored; ttl=${ttl}$`));
      expect(hit.header('x-cache')).toBe('HIT');
      expect(hit.header('cache-control')).toBe(control || undefined);
      site().date.advance(ttl * 1000);
      expect((await site().get('/api/thing/lifetime')).header('x-cache')).toBe('MISS');
    });

    it('the lifetime is less the age that the handler relays, and Age grows from there', async () => {
      origin.behave = (ctx) => ctx.set({ 'Cache-Control': 'max-age=30', Age: '10' });
      const { miss, hit } = await second('/api/thing/relayed');
      expect(miss.header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=20');
      expect(['10', '11', '12']).toContain(hit.header('age'));
    });

    it.each([
      'private',
      'no-store',
      'no-cache',
      'max-age=60; private',
      'NO-STORE',
      'max-age=x',
      'no-cache="x"',
    ])('a response with %s is not stored', async (control) => {
      origin.behave = (ctx) => ctx.set('Cache-Control', control);
      const { miss, hit } = await second('/api/thing/refused');
      expect([miss, hit].map((it) => it.header('x-cache'))).toEqual(['MISS', 'MISS']);
      expect(miss.header('cache-status')).not.toContain('stored');
    });

    it.each([203, 204])('status %i is stored like 200', async (status) => {
      origin.behave = (ctx) => {
        ctx.status = status;
        if (status === 204) ctx.body = null;
      };
      const { miss, hit } = await second('/api/thing/plain');
      expect([miss.status, hit.status, hit.header('x-cache')]).toEqual([status, status, 'HIT']);
      expect(hit.body.equals(miss.body)).toBe(true);
      expect(hit.header('content-length')).toBe(miss.header('content-length'));
    });

    it.each([
      [404, '/api/thing/lost', 5],
      [410, '/api/thing/none', 7],
      [404, '/api/thing/none', 5],
    ])('status %i of %s is stored for its own short time', async (status, url, ttl) => {
      origin.behave = (ctx) => (ctx.status = status);
      const { miss, hit } = await second(url);
      expect(miss.header('cache-status')).toMatch(new RegExp(`; stored; ttl=${ttl}$`));
      expect([hit.status, hit.header('x-cache')]).toEqual([status, 'HIT']);
      expect(hit.body.equals(miss.body)).toBe(true);
      site().date.advance(ttl * 1000);
      expect((await site().get(url)).header('x-cache')).toBe('MISS');
    });

    it('a stored 404 is gone as soon as what it looked for could be there', async () => {
      const url = '/api/articles/nothing-of-that-id';
      const { miss, hit } = await second(url);
      expect([miss.status, hit.status, hit.header('x-cache')]).toEqual([404, 404, 'HIT']);
      origin.behave = (ctx) => (ctx.status = 404);
      await second('/api/thing/tags');
      await renameTag(site().strapi, `Found ${Math.random()}`);
      expect((await site().get('/api/thing/tags')).header('x-cache')).toBe('MISS');
    });

    it('a redirect is stored with where it leads', async () => {
      origin.behave = (ctx) => {
        ctx.status = 301;
        ctx.redirect('/api/elsewhere');
        void ctx.get('accept');
      };
      const { miss, hit } = await second('/api/thing/moved');
      expect(miss.header('cache-status')).toContain('stored; ttl=20');
      expect([hit.status, hit.header('x-cache'), hit.header('location')]).toEqual([
        301,
        'HIT',
        '/api/elsewhere',
      ]);
    });

    it.each([308, 410, 302, 206, 400, 500])(
      'status %i is not stored where nothing says so',
      async (status) => {
        origin.behave = (ctx) => (ctx.status = status);
        const { hit } = await second('/api/thing/status');
        expect([hit.status, hit.header('x-cache')]).toEqual([status, 'MISS']);
      },
    );

    it('a request for a range goes past the cache (RFC 9110 section 14)', async () => {
      await site().get('/api/thing/range');
      const part = await site().get('/api/thing/range', { range: 'bytes=0-1', 'if-range': '"x"' });
      expect(part.header('cache-status')).toBe('Strapi; fwd=bypass; detail=range');
      expect((await site().get('/api/thing/range', { 'if-range': '"x"' })).header('x-cache')).toBe('HIT');
    });

    it('a failure in between does not keep the next response out of the cache', async () => {
      origin.behave = (ctx) => (ctx.status = 503);
      expect((await site().get('/api/thing/back')).status).toBe(503);
      origin.behave = () => undefined;
      const { miss, hit } = await second('/api/thing/back');
      expect(miss.header('cache-status')).toContain('stored');
      expect(hit.header('x-cache')).toBe('HIT');
    });
  });
});
