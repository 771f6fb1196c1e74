import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../../support/content';
import { Origin } from '../../support/origin';
import { onStores } from '../../support/stores';

const URL = '/api/thing/shop';
const cache = {
  maxVariants: 3,
  rules: [
    { path: URL, keyedHeaders: ['X-Shop', 'Accept-Language'] },
    { path: '/api/thing/public', callers: 'public' as const },
  ],
};

describe('Vary and variants (RFC 9111 section 4.1)', () => {
  const origin = new Origin();

  onStores(['memory', 'upstash'], { cache, register: origin.register }, (site) => {
    beforeEach(async () => {
      origin.reset();
      await purgeAll(site().strapi);
    });
    const shop = async (name: string): Promise<string | undefined> =>
      (await site().get(URL, { 'x-shop': name })).header('cache-status');

    it('keep variants apart, and say when it is only this one that is missing', async () => {
      expect(await shop('north')).toBe('Strapi; fwd=uri-miss; stored; ttl=3600');
      expect(await shop('south')).toBe('Strapi; fwd=vary-miss; stored; ttl=3600');
      expect((await site().get(URL)).header('cache-status')).toBe('Strapi; fwd=vary-miss; stored; ttl=3600');
      expect(await shop('north')).toContain('hit');
      expect(await shop('south')).toContain('hit');
      expect((await site().get(URL)).header('x-cache')).toBe('HIT');
    });

    it('say so too where the one without such headers was first', async () => {
      const url = `${URL}?alone=1`;
      const plain = await site().get(url);
      expect(plain.header('cache-status')).toBe('Strapi; fwd=uri-miss; stored; ttl=3600');
      const north = await site().get(url, { 'x-shop': 'north' });
      expect(north.header('cache-status')).toBe('Strapi; fwd=vary-miss; stored; ttl=3600');
    });

    it('keep no more variants than configured: the one that was stored first gives way', async () => {
      for (const name of ['a', 'b', 'c', 'd']) expect(await shop(name)).toContain('stored');
      for (const name of ['b', 'c', 'd']) expect(await shop(name)).toContain('hit');
      expect(await shop('a')).toContain('stored');
      for (const name of ['c', 'd', 'a']) expect(await shop(name)).toContain('hit');
    });

    it('add the covered names to Vary, on miss and hit, and take none away', async () => {
      origin.behave = (ctx) => ctx.vary('Accept-Encoding');
      const miss = await site().get(URL);
      const hit = await site().get(URL);
      expect(hit.header('vary')).toBe(miss.header('vary'));
      const names = (hit.header('vary') ?? '').toLowerCase().split(', ');
      expect(names.sort()).toEqual([
        'accept-encoding',
        'accept-language',
        'authorization',
        'origin',
        'x-shop',
      ]);
    });

    it('say Authorization where callers are told apart, and not where all are the public', async () => {
      const vary = async (url: string): Promise<string> => (await site().get(url)).header('vary') ?? '';
      expect(await vary('/api/thing/each')).toContain('Authorization');
      expect(await vary('/api/thing/public')).not.toContain('Authorization');
    });

    it('store what varies by what the key covers, and nothing else', async () => {
      const stored = async (vary: string, url = URL): Promise<boolean> => {
        await purgeAll(site().strapi);
        origin.behave = (ctx) => ctx.set('Vary', vary);
        await site().get(url);
        return (await site().get(url)).header('x-cache') === 'HIT';
      };
      expect(await stored('X-SHOP , accept-language')).toBe(true);
      expect(await stored('Authorization', '/api/thing/each')).toBe(true);
      expect(await stored('Cookie')).toBe(false);
      expect(await stored('X-Shop, User-Agent')).toBe(false);
      expect(await stored('*')).toBe(false);
    });
  });
});
