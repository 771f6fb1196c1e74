import { describe, expect, it } from 'vitest';
import { judgeResponse, type ResponseFacts, type Verdict } from '../../../server/src/core/storing';

const judge = (headers: Record<string, string> = {}, facts: Partial<ResponseFacts> = {}): Verdict =>
  judgeResponse(
    { status: 200, bodyBytes: 10, header: (name) => headers[name], ...facts },
    { ttl: 60_000, maxEntryBytes: 100, keyedHeaders: new Set(['x-shop']) },
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
  ])('%s', (_what, headers, ttl) => {
    expect(judge(headers)).toEqual({ store: true, ttl });
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
    ['no lifetime in shared caches', { 'cache-control': 'max-age=9, s-maxage=0' }, 'max-age=0', true],
  ])('%s', (_what, headers, reason, share) => {
    expect(judge(headers)).toEqual({ store: false, share, reason });
  });

  it.each([
    [404, true],
    [400, true],
    [403, true],
    [301, false],
    [206, false],
    [500, false],
    [503, false],
  ])('status %i; whether those who wait may have it: %s', (status, share) => {
    expect(judge({}, { status })).toEqual({ store: false, share, reason: `status ${status}` });
  });

  it('a stream', () => {
    expect(judge({}, { bodyBytes: null })).toEqual({ store: false, share: false, reason: 'stream' });
  });

  it.each([204, 304, 404])('an answer without a body by its status %i, and hands it to nobody', (status) => {
    const reason = `status ${status}`;
    expect(judge({}, { status, bodyBytes: null })).toEqual({ store: false, share: false, reason });
  });

  it('a body over the limit, which those who wait may have', () => {
    expect(judge({}, { bodyBytes: 101 })).toEqual({ store: false, share: true, reason: 'too-large' });
  });

  it('what was made for one caller, whatever else would let it be shared', () => {
    const headers = { 'set-cookie': 'a=1', 'cache-control': 'max-age=0' };
    expect(judge(headers, { status: 404, bodyBytes: 1000 })).toMatchObject({ share: false });
  });
});
