import { beforeEach, describe, expect, it } from 'vitest';
import { purgeAll } from '../../support/content';
import { lastingFields } from '../../support/http';
import { Origin } from '../../support/origin';
import { useSite } from '../../support/strapi';

describe('what a reply says of the cache (RFC 9211; RFC 9111 section 5.1; RFC 9110 section 9.3.2)', () => {
  const origin = new Origin();
  const site = useSite({ cache: { ttl: '1 m' }, register: origin.register });
  beforeEach(async () => {
    origin.reset();
    await purgeAll(site().strapi);
  });

  it('stands behind what the handler relayed of caches before it, on miss and hit', async () => {
    origin.behave = (ctx) => ctx.set('Cache-Status', 'Upstream; hit');
    const miss = await site().get('/api/thing/relayed');
    const hit = await site().get('/api/thing/relayed');
    expect(miss.header('cache-status')).toBe('Upstream; hit, Strapi; fwd=uri-miss; stored; ttl=60');
    expect(hit.header('cache-status')).toMatch(/^Upstream; hit, Strapi; hit; ttl=(59|60)$/);
    const cross = await site().get('/api/thing/relayed', { origin: 'https://elsewhere.example' });
    expect(cross.header('cache-status')).toMatch(/^Upstream; hit, Strapi; hit; ttl=(59|60)$/);
  });

  it('gives no age on a miss, and on a hit the age together with the date of the making', async () => {
    const miss = await site().get('/api/thing/age');
    site().date.advance(7000);
    const hit = await site().get('/api/thing/age');
    expect(miss.header('age')).toBeUndefined();
    expect(['7', '8']).toContain(hit.header('age'));
    const made = Date.parse(hit.header('date') ?? '');
    expect(Date.now() - made).toBeGreaterThanOrEqual(7000);
  });

  it('is the same for HEAD, with the fields of the GET and no body', async () => {
    await site().get('/api/thing/head');
    const get = await site().get('/api/thing/head');
    const head = await site().send('/api/thing/head', { method: 'HEAD' });
    expect(head.body).toHaveLength(0);
    expect(lastingFields(head)).toEqual(lastingFields(get));
    expect(head.header('x-cache')).toBe('HIT');
  });

  it('never warns and never calls a response immutable', async () => {
    await site().get('/api/thing/plain');
    const hit = await site().get('/api/thing/plain');
    expect(hit.header('warning')).toBeUndefined();
    expect(hit.header('cache-control') ?? '').not.toContain('immutable');
  });
});
