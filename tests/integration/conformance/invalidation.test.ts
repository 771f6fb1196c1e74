import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../../support/content';
import { Origin } from '../../support/origin';
import { onStores } from '../../support/stores';

describe('invalidation by unsafe methods (RFC 9111 section 4.4)', () => {
  const origin = new Origin();
  const cache = { staleWhileRevalidate: '1 m', rules: [{ path: '/api/thing/soft', softPurge: true }] };

  onStores(['memory', 'upstash'], { cache, register: origin.register }, (site) => {
    beforeEach(async () => {
      origin.reset();
      await purgeAll(site().strapi);
    });
    const outcome = async (url: string, headers = {}): Promise<string | undefined> =>
      (await site().get(url, headers)).header('x-cache');

    it.each([200, 201, 302])('drops what is stored for the URI when the reply is %i', async (status) => {
      await site().get('/api/thing/one?a=1&b=2');
      await site().get('/api/thing/one');
      await site().get('/api/thing/two');
      origin.behave = (ctx) => (ctx.status = status);
      const answer = await site().send('/api/thing/one?b=2&a=1', { method: 'POST' });
      expect([answer.status, answer.header('cache-status')]).toEqual([status, 'Strapi; fwd=method']);
      origin.behave = () => undefined;
      expect(await outcome('/api/thing/one?a=1&b=2')).toBe('MISS');
      expect(await outcome('/api/thing/one')).toBe('HIT');
      expect(await outcome('/api/thing/two')).toBe('HIT');
    });

    it('drops it for all callers and variants, and for good whatever the rule', async () => {
      const language = { 'strapi-response-format': 'v4' };
      for (const headers of [{}, language]) await site().get('/api/thing/soft', headers);
      await site().send('/api/thing/soft', { method: 'POST' });
      for (const headers of [{}, language]) expect(await outcome('/api/thing/soft', headers)).toBe('MISS');
    });

    it.each([400, 404, 500])('drops nothing when the write failed with %i', async (status) => {
      await site().get('/api/thing/one');
      origin.behave = (ctx) => (ctx.status = status);
      await site().send('/api/thing/one', { method: 'POST' });
      expect(await outcome('/api/thing/one')).toBe('HIT');
    });

    it('drops nothing for methods that are safe', async () => {
      await site().get('/api/thing/one');
      await site().send('/api/thing/one', { method: 'OPTIONS' });
      await site().send('/api/thing/one', { method: 'HEAD' });
      expect(await outcome('/api/thing/one')).toBe('HIT');
    });
  });
});
