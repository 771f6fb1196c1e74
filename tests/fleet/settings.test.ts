import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameIn, tagPath } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

let site: FleetSite;
beforeAll(async () => {
  site = await FleetSite.open();
});
afterAll(() => site.close());

describe('Strapi does not start, and names the variable to mend,', () => {
  it('with a token that Upstash does not accept', async () => {
    const starting = site.start({ env: { UPSTASH_REDIS_REST_TOKEN: 'wrong-token' } });
    await expect(starting).rejects.toThrow('Upstash does not accept UPSTASH_REDIS_REST_TOKEN');
  });

  it('with a URL and no token', async () => {
    const starting = site.start({ env: { UPSTASH_REDIS_REST_TOKEN: '' } });
    await expect(starting).rejects.toThrow('UPSTASH_REDIS_REST_TOKEN is missing');
  });

  it('with a token and no URL', async () => {
    const starting = site.start({ env: { UPSTASH_REDIS_REST_URL: '' } });
    await expect(starting).rejects.toThrow('UPSTASH_REDIS_REST_URL is missing');
  });

  it('with the address for TCP connections in the place of the REST URL', async () => {
    const starting = site.start({ env: { UPSTASH_REDIS_REST_URL: 'rediss://example.upstash.io:6379' } });
    await expect(starting).rejects.toThrow('UPSTASH_REDIS_REST_URL is the address for TCP connections');
  });

  it('with the store "redis" and no address', async () => {
    const starting = site.start({ cache: { store: 'redis' }, env: { CACHE_REDIS_URL: '' } });
    await expect(starting).rejects.toThrow('neither redis.url nor CACHE_REDIS_URL is set');
  });

  it('and never shows the token', async () => {
    const secret = 'AXy-some-secret-token';
    const failure = await site.start({ env: { UPSTASH_REDIS_REST_TOKEN: secret } }).catch(String);
    expect(failure).toContain('UPSTASH_REDIS_REST_TOKEN');
    expect(failure).not.toContain(secret);
  });
});

describe('with a Redis that cannot be reached at the start', () => {
  it('Strapi starts, warns, and answers uncached until it can', async () => {
    site.redis.bridge.fault = () => ({ kind: 'drop' });
    const instance = await site.start();
    expect(instance.log).toMatch(
      /warn.*Upstash at UPSTASH_REDIS_REST_URL cannot be reached.*Requests go uncached/,
    );
    const [id = ''] = await instance.tags();
    const path = tagPath(id);
    for (let i = 0; i < 3; i++) {
      const seen = await instance.get(path);
      expect(seen.status).toBe(200);
      expect(seen.outcome).toBe('MISS');
    }
    await instance.rename(id, 'written without Redis');
    expect(nameIn(await instance.get(path))).toBe('written without Redis');
    site.redis.bridge.fault = null;
    await until('it is cached', async () => (await instance.get(path)).outcome === 'HIT');
    expect(nameIn(await instance.get(path))).toBe('written without Redis');
  });
});
