import { describe, expect, it } from 'vitest';
import {
  judgeResponse,
  type ResponseFacts,
  type StoringLimits,
  type Verdict,
} from '../../../server/src/core/storing';

const NOW = Date.parse('Sun, 06 Nov 1994 08:49:37 GMT');

const judge = (
  headers: Record<string, string> = {},
  facts: Partial<ResponseFacts> = {},
  limits: Partial<StoringLimits> = {},
): Verdict =>
  judgeResponse(
    { status: 200, bodyBytes: 10, header: (name) => headers[name], now: NOW, ...facts },
    {
      ttl: 60_000,
      statusTtl: { 404: 5000, 301: 7000 },
      staleWhileRevalidate: 1000,
      staleIfError: 2000,
      maxEntryBytes: 100,
      keyedHeaders: new Set(['x-shop']),
      ...limits,
    },
  );

describe('judgeResponse stores', () => {
  it.each<[string, Record<string, string>, number]>([
    ['a plain response for the time of the rule', {}, 60_000],
    ['one with a lifetime of its own', { 'cache-control': 'max-age=5' }, 5000],
    ['one with a lifetime for shared caches, which wins', { 'cache-control': 'max-age=5, s-maxage=7' }, 7000],
    ['a public one', { 'cache-control': 'public' }, 60_000],
    ['one that varies by what the cache undoes', { vary: 'Origin, Accept-Encoding' }, 60_000],
    ['one that varies by a keyed header', { vary: 'X-Shop' }, 60_000],
    ['one with an empty vary', { vary: ' , ' }, 60_000],
    ['one with a lifetime that an age shortens', { 'cache-control': 'max-age=60', age: '20' }, 40_000],
    ['one with a date of expiry', { expires: 'Sun, 06 Nov 1994 08:49:47 GMT' }, 10_000],
    [
      'one with a date of expiry, counted from its own date',
      { expires: 'Sun, 06 Nov 1994 08:49:47 GMT', date: 'Sun, 06 Nov 1994 08:49:40 GMT' },
      7000,
    ],
    [
      'one with both, of which the directive counts',
      { 'cache-control': 'max-age=3', expires: 'Sun, 06 Nov 1994 08:49:47 GMT' },
      3000,
    ],
  ])('%s', (_what, headers, ttl) => {
    expect(judge(headers)).toMatchObject({ store: true, ttl });
  });

  it('an empty body, and one of exactly the limit', () => {
    expect(judge({}, { bodyBytes: 0 })).toMatchObject({ store: true });
    expect(judge({}, { bodyBytes: 100 })).toMatchObject({ store: true });
  });
});

describe('judgeResponse refuses', () => {
  it.each<[string, Record<string, string>, string, boolean]>([
    ['a cookie', { 'set-cookie': 'a=1' }, 'set-cookie', false],
    ['private', { 'cache-control': 'private' }, 'private', false],
    ['private with field names', { 'cache-control': 'private="x"' }, 'private', false],
    ['no-store', { 'cache-control': 'max-age=60, no-store' }, 'no-store', false],
    ['no-cache', { 'cache-control': 'No-Cache' }, 'no-cache', false],
    ['an uncovered header', { vary: 'Accept-Language' }, 'vary accept-language', false],
    ['one uncovered header among covered ones', { vary: 'x-shop,Cookie' }, 'vary cookie', false],
    ['everything', { vary: '*' }, 'vary *', false],
    ['no lifetime', { 'cache-control': 'max-age=0' }, 'max-age=0', true],
    ['a lifetime that is over', { 'cache-control': 'max-age=60', age: '60' }, 'age', true],
    ['a date of expiry that is over', { expires: 'Sun, 06 Nov 1994 08:49:37 GMT' }, 'expires', true],
    ['a date of expiry that is none', { expires: '0' }, 'expires', true],
    ['no lifetime in shared caches', { 'cache-control': 'max-age=9, s-maxage=0' }, 'max-age=0', true],
  ])('%s', (_what, headers, reason, share) => {
    expect(judge(headers)).toEqual({ store: false, share, personal: !share, reason });
  });

  it.each([
    [410, true],
    [400, true],
    [401, true],
    [403, true],
    [308, false],
    [206, false],
    [500, false],
    [503, false],
  ])('status %i; whether those who wait may have it: %s', (status, share) => {
    const reason = `status ${status}`;
    expect(judge({}, { status })).toEqual({ store: false, share, personal: false, reason });
  });

  it('a stream', () => {
    const verdict = { store: false, share: false, personal: true, reason: 'stream' };
    expect(judge({}, { bodyBytes: null })).toEqual(verdict);
  });

  it.each([304, 404, 500])('an answer without a body by its status %i, and hands it to nobody', (status) => {
    const reason = `status ${status}`;
    expect(judge({}, { status, bodyBytes: null })).toMatchObject({ store: false, share: false, reason });
  });

  it('a body over the limit, which those who wait may have', () => {
    expect(judge({}, { bodyBytes: 101 })).toMatchObject({ store: false, share: true, reason: 'too-large' });
  });

  it('what was made for one caller, whatever else would let it be shared', () => {
    const headers = { 'set-cookie': 'a=1', 'cache-control': 'max-age=0' };
    expect(judge(headers, { status: 404, bodyBytes: 1000 })).toMatchObject({ share: false });
  });
});

describe('judgeResponse, of statuses other than 200', () => {
  it.each([
    [203, 60_000],
    [204, 60_000],
    [404, 5000],
    [301, 7000],
  ])('stores %i for its lifetime', (status, ttl) => {
    expect(judge({}, { status })).toMatchObject({ store: true, ttl });
  });

  it('lets the response name the lifetime, which is never one of an error past its end', () => {
    const headers = { 'cache-control': 'max-age=2, stale-if-error=60' };
    expect(judge(headers, { status: 404 })).toEqual({
      store: true,
      ttl: 2000,
      age: 0,
      revalidate: 0,
      error: 0,
    });
  });
});

describe('judgeResponse, of the time past a lifetime (RFC 5861, RFC 9111 section 4.2.4)', () => {
  it.each<[string, string, number, number]>([
    ['takes the configured windows', 'max-age=9', 1000, 2000],
    ['lets the response name its own', 'stale-while-revalidate=7, stale-if-error=8', 7000, 8000],
    ['takes an unreadable window for none', 'stale-while-revalidate=x, stale-if-error', 0, 0],
    ['gives none to must-revalidate', 'must-revalidate', 0, 0],
    ['gives none to proxy-revalidate', 'proxy-revalidate', 0, 0],
    ['gives none to s-maxage', 's-maxage=9', 0, 0],
    ['gives s-maxage the one that it names', 's-maxage=9, stale-if-error=5', 0, 5000],
  ])('%s', (_what, control, revalidate, error) => {
    expect(judge({ 'cache-control': control })).toMatchObject({ store: true, revalidate, error });
  });
});
