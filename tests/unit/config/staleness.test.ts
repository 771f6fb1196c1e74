import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../server/src/config';

const problem = (input: unknown): string => {
  try {
    resolveConfig(input);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the options of HTTP behaviour', () => {
  it('are off by default', () => {
    expect(resolveConfig({})).toMatchObject({
      staleWhileRevalidate: 0,
      staleIfError: 0,
      maxRefreshes: 8,
      statusTtl: {},
      bypassCookies: [],
      maxVariants: 16,
    });
  });

  it('take durations as the others do, also in rules', () => {
    const config = resolveConfig({
      staleWhileRevalidate: '1 m',
      statusTtl: { 404: 5 },
      trustedCaller: { header: 'X-Secret', secret: 'sixteen characters' },
      rules: [{ path: '/api/a', staleIfError: '1 h', softPurge: true, statusTtl: { 301: '1 d' } }],
    });
    expect(config).toMatchObject({
      staleWhileRevalidate: 60_000,
      statusTtl: { 404: 5000 },
      trustedCaller: { header: 'x-secret' },
    });
    expect(config.rules[0]).toMatchObject({ staleIfError: 3_600_000, statusTtl: { 301: 86_400_000 } });
  });

  it.each<[string, unknown, string]>([
    [
      'a negative window',
      { staleIfError: -1 },
      'staleIfError: got -1 (number); allowed: seconds as a number of 0',
    ],
    [
      'no refreshes',
      { maxRefreshes: 0 },
      'maxRefreshes: got 0 (number); allowed: a whole number from 1 to 1000',
    ],
    ['half a variant', { maxVariants: 0.5 }, 'maxVariants: got 0.5 (number); allowed: a whole number'],
    ['a status that is stored anyway', { statusTtl: { 200: 5 } }, 'statusTtl[200]: unknown option'],
    [
      'a cookie with a value',
      { bypassCookies: ['a=b'] },
      'bypassCookies[0]: got "a=b" (string); allowed: a cookie name',
    ],
    [
      'a soft purge without a window',
      { rules: [{ path: '/api/a', softPurge: true }] },
      'rules[0].softPurge: got true (boolean); allowed: true only together with staleWhileRevalidate',
    ],
  ])('stop Strapi at %s', (_what, input, message) => {
    expect(problem(input)).toContain(message);
  });

  it('do not repeat a secret that is wrong', () => {
    const message = problem({ trustedCaller: { header: 'x-secret', secret: 'short one' } });
    expect(message).toContain('trustedCaller.secret: got text (not shown); allowed: a text of at least 16');
    expect(message).not.toContain('short one');
  });
});
