import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CODINGS, encode, encodedAs, mayBeEncoded } from '../../../server/src/core/coding';
import { entryOf } from '../../support/entries';

const TEXT = Buffer.from('{"title":"a title"},'.repeat(500));
const VARY = ['Vary', 'Accept-Encoding'];

describe('a content coding', () => {
  it.each(CODINGS)('%s can be undone', async (coding) => {
    const bytes = await encode(TEXT, coding);
    const content = coding === 'br' ? brotliDecompressSync(bytes) : gunzipSync(bytes);
    expect(content.equals(TEXT)).toBe(true);
  });

  it.each(CODINGS)('%s keeps no more memory alive than its bytes', async (coding) => {
    const bytes = await encode(TEXT, coding);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });

  it('is not kept where it saves next to nothing', () => {
    const entry = entryOf({ key: 'k', seq: 1, body: Buffer.alloc(100) });
    expect(encodedAs(entry, 'br', Buffer.alloc(95))).toBeNull();
    expect(encodedAs(entry, 'br', Buffer.alloc(50))?.body).toHaveLength(50);
  });

  it('leaves the fields of a response as they are, but for a strong validator', () => {
    const headers = ['ETag', '"v1"', 'X-A', '"v1"', 'Vary', 'Accept-Encoding'];
    const entry = entryOf({ key: 'k', seq: 1, headers, body: TEXT });
    expect(encodedAs(entry, 'gzip', Buffer.alloc(9))?.headers).toEqual([
      ...['ETag', 'W/"v1"', 'X-A', '"v1"', 'Vary', 'Accept-Encoding'],
      ...['Content-Encoding', 'gzip'],
    ]);
  });
});

describe('a response may be sent in other codings', () => {
  it.each([
    ['when it varies by Accept-Encoding', VARY, true],
    ['when it varies by more than that', ['vary', 'Origin, accept-encoding'], true],
    ['not when caches downstream would not know', ['Vary', 'Origin'], false],
    ['not when it has a coding already', [...VARY, 'Content-Encoding', 'br'], false],
    [
      'not when its handler forbids it (RFC 9111 section 5.2.2.6)',
      [...VARY, 'Cache-Control', 'max-age=1, No-Transform'],
      false,
    ],
    [
      'not when a digest of its bytes is given (RFC 9530)',
      [...VARY, 'Content-Digest', 'sha-256=:aa:'],
      false,
    ],
  ])('%s', (_when, headers, verdict) => {
    expect(mayBeEncoded(headers)).toBe(verdict);
  });
});
