import { describe, expect, it } from 'vitest';
import type { LimitsService } from '../../server/src/services';
import { useSite, type Site } from '../support/strapi';

const URL = '/api/articles';
const policy = (more: object = {}) => ({ name: 'reading', quota: 3, window: '1 m', ...more });
const limitsOf = (site: Site): LimitsService =>
  site.strapi.plugin('upstash-cache').service('limits') as LimitsService;

/** The beginning of a minute in which nobody has asked yet: none ends while a test counts. */
const freshMinute = async (site: Site): Promise<void> => {
  site.date.advance(180_000 - (Date.now() % 60_000));
  await limitsOf(site).reset('reading', 'ip:127.0.0.1');
};

describe('a limited site', () => {
  const site = useSite({ cache: { rateLimit: { policies: [policy()] } } });
  const spend = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await site().get(URL);
  };

  it('answers the request above the quota with 429 in the envelope of Strapi', async () => {
    await freshMinute(site());
    await spend(3);
    const answer = await site().get(URL);
    expect(answer.status).toBe(429);
    expect(answer.json()).toMatchObject({ data: null, error: { status: 429, name: 'RateLimitError' } });
    expect(Number(answer.header('retry-after'))).toBeGreaterThan(0);
  });

  it('refuses with the CORS fields that the origin needs to read it', async () => {
    await freshMinute(site());
    await spend(3);
    const answer = await site().get(URL, { origin: 'https://front.example' });
    expect(answer.status).toBe(429);
    expect(answer.header('access-control-allow-origin')).toBe('https://front.example');
  });

  it('tells the limits on misses and on hits, with live numbers', async () => {
    await freshMinute(site());
    const first = await site().get(`${URL}?sort=title`);
    const second = await site().get(`${URL}?sort=title`);
    expect(second.header('x-cache')).toBe('HIT');
    expect(first.header('ratelimit')).toMatch(/^"reading";r=2;t=\d+$/);
    expect(second.header('ratelimit')).toMatch(/^"reading";r=1;t=\d+$/);
    expect(second.header('ratelimit-policy')).toBe('"reading";q=3;w=60');
    expect(second.header('x-ratelimit-remaining')).toBe('1');
  });

  it('counts HEAD like GET, and lets CORS preflights pass', async () => {
    await freshMinute(site());
    for (let i = 0; i < 3; i++) await site().send(URL, { method: 'HEAD' });
    expect((await site().get(URL)).status).toBe(429);
    const headers = { origin: 'https://front.example', 'access-control-request-method': 'GET' };
    expect((await site().send(URL, { method: 'OPTIONS', headers })).status).toBe(204);
  });

  it('is not evaded by another spelling of the path or by a forged X-Forwarded-For', async () => {
    await freshMinute(site());
    const spellings = ['/api/articles', '/api/%61rticles', '/api/Articles/'];
    for (const [i, spelling] of spellings.entries())
      await site().get(spelling, { 'x-forwarded-for': `203.0.113.${i}` });
    expect((await site().get(URL, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(429);
  });

  it('is not evaded by tokens that nobody knows', async () => {
    await freshMinute(site());
    for (let i = 0; i < 3; i++) await site().get(URL, { authorization: `Bearer made-up-${i}` });
    expect((await site().get(URL, { authorization: 'Bearer made-up-9' })).status).toBe(429);
  });

  it('warns once that X-Forwarded-For arrives while the proxy setting is off', () => {
    const warnings = site().log.filter(
      (line) => line.startsWith('warn') && line.includes('server.proxy.koa'),
    );
    expect(warnings).toHaveLength(1);
  });

  it('leaves the rest of the application alone', async () => {
    await freshMinute(site());
    await spend(4);
    expect((await site().get('/_health')).status).toBe(204);
    expect((await site().get('/admin/init')).status).toBe(200);
  });

  it('gives a partition its quota again when application code resets it', async () => {
    await freshMinute(site());
    await spend(4);
    expect((await site().get(URL)).status).toBe(429);
    await limitsOf(site()).reset('reading', 'ip:127.0.0.1');
    expect((await site().get(URL)).status).toBe(200);
  });

  it('counts what was allowed and refused, and masks whom', async () => {
    await freshMinute(site());
    await spend(5);
    const [stats] = limitsOf(site()).stats();
    expect(stats?.minutes.at(-1)).toMatchObject({ allowed: 3, limited: 2 });
    expect(stats?.top[0]?.partition).toBe('ip:127.0.0.*');
  });
});

describe('a policy for which hits are free', () => {
  const site = useSite({ cache: { rateLimit: { policies: [policy({ hits: 'free' })] } } });

  it('charges the misses only', async () => {
    await freshMinute(site());
    for (let i = 0; i < 10; i++) expect((await site().get(URL)).status).toBe(200);
    for (const sort of ['id', 'title']) expect((await site().get(`${URL}?sort=${sort}`)).status).toBe(200);
    expect((await site().get(`${URL}?sort=slug`)).status).toBe(429);
    expect((await site().get(URL)).status).toBe(200);
  });
});

describe('a policy on trial', () => {
  const site = useSite({ cache: { rateLimit: { policies: [policy({ dryRun: true })] } } });

  it('refuses nobody and counts whom it would have refused', async () => {
    await freshMinute(site());
    for (let i = 0; i < 5; i++) expect((await site().get(URL)).status).toBe(200);
    expect(limitsOf(site()).stats()[0]?.minutes.at(-1)).toMatchObject({ dryRun: 2 });
  });
});

describe('quotas by caller', () => {
  const quota = { anonymous: 1, tokens: { 'Development only: read': false } } as const;
  const site = useSite({
    cache: { rateLimit: { policies: [policy({ quota, by: 'caller' })] } },
  });

  it('let a named token pass without a limit once it has been verified', async () => {
    await freshMinute(site());
    const authorization = 'Bearer development-only-read-token';
    expect((await site().get(URL, { authorization })).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await site().get(URL, { authorization })).status).toBe(200);
  });
});
