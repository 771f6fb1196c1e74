import { describe, expect, it } from 'vitest';
import { parseHttpDate } from '../../../server/src/core/header-values';
import { etagListed, notModified, weakEtag } from '../../../server/src/core/preconditions';

describe('etagListed (RFC 9110 sections 8.8.3 and 13.1.2)', () => {
  it.each<[list: string, etag: string | undefined, listed: boolean]>([
    ['"a"', '"a"', true],
    ['W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['W/"a"', 'W/"a"', true],
    ['w/"a"', '"a"', false],
    ['"A"', '"a"', false],
    ['"b", "a"', '"a"', true],
    ['"b","a"', '"a"', true],
    [', "b" ,, "a" ,', '"a"', true],
    ['"a,b", "c"', '"c"', true],
    ['"a,b"', '"a"', false],
    ['"a\\"', '"a\\"', true],
    ['""', '""', true],
    ['"ü"', '"ü"', true],
    ['*', '"a"', true],
    [' * ', undefined, true],
    ['"*"', '"a"', false],
    ['"b", *', '"a"', false],
    ['a', '"a"', false],
    ['"a', '"a"', false],
    ['"a b"', '"a b"', false],
    ['"b" "a"', '"a"', false],
    ['"b"; "a"', '"a"', false],
    ['', '"a"', false],
    ['"a"', undefined, false],
    ['"a"', 'a', false],
  ])('%j holds %j: %s', (list, etag, listed) => {
    expect(etagListed(list, etag)).toBe(listed);
  });
});

describe('parseHttpDate (RFC 9110 section 5.6.7)', () => {
  const INSTANT = Date.UTC(1994, 10, 6, 8, 49, 37);
  it.each<[string | undefined, number | null]>([
    ['Sun, 06 Nov 1994 08:49:37 GMT', INSTANT],
    ['Sunday, 06-Nov-94 08:49:37 GMT', INSTANT],
    ['Sun Nov  6 08:49:37 1994', INSTANT],
    ['Sun, 06 Nov 1994 08:49:37 +0100', null],
    ['Sun, 6 Nov 1994 08:49:37 GMT', null],
    ['1994-11-06T08:49:37Z', null],
    ['1994', null],
    ['0', null],
    ['Sun, 99 Nov 1994 08:49:37 GMT', null],
    ['', null],
    [undefined, null],
  ])('of %j is %s', (text, instant) => {
    expect(parseHttpDate(text)).toBe(instant);
  });
});

describe('notModified', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

  it('asks for nothing when nothing is asked', () => {
    const asked = { ifNoneMatch: undefined, ifModifiedSince: undefined };
    expect(notModified(asked, { etag: '"a"', lastModified: date })).toBe(false);
  });

  it('leaves a date alone where there is a tag', () => {
    const asked = { ifNoneMatch: '"b"', ifModifiedSince: date };
    expect(notModified(asked, { etag: '"a"', lastModified: date })).toBe(false);
  });

  it('compares no date with a response that has none', () => {
    const asked = { ifNoneMatch: undefined, ifModifiedSince: date };
    expect(notModified(asked, { etag: '"a"', lastModified: undefined })).toBe(false);
  });
});

describe('weakEtag', () => {
  it('is one for the same bytes and another for others', () => {
    const [a, b, c] = ['x', 'x', 'y'].map((text) => weakEtag(Buffer.from(text)));
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(etagListed(String(a), a)).toBe(true);
  });
});
