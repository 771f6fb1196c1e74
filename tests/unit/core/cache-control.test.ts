import { describe, expect, it } from 'vitest';
import { deltaSeconds, parseCacheControl } from '../../../server/src/core/header-values';

describe('parseCacheControl', () => {
  it.each([
    ['max-age=60', { 'max-age': '60' }],
    ['Max-Age=60, PUBLIC', { 'max-age': '60', public: null }],
    ['max-age = 60 ,public', { 'max-age': '60', public: null }],
    ['max-age="60"', { 'max-age': '60' }],
    ['ext="a, no-store=1", public', { ext: 'a, no-store=1', public: null }],
    ['ext="a \\" b", private', { ext: 'a " b', private: null }],
    ['private="set-cookie"', { private: 'set-cookie' }],
    ['max-age=60, max-age=5', { 'max-age': '60' }],
    ['max-age=', { 'max-age': '' }],
    ['max-age=6 0', { 'max-age': '6 0' }],
    ['max-age="60"x', { 'max-age': '"60"x' }],
    ['max-age=60; private', { 'max-age': '60', private: null }],
    ['ext="unclosed, no-store', { ext: '"unclosed', 'no-store': null }],
    ['"no-store"', { 'no-store': null }],
    ['=5, private', { private: null }],
    ['no-cache="a, b", ext=","', { 'no-cache': 'a, b', ext: ',' }],
    [',, ,public,,', { public: null }],
    ['', {}],
    ['   ', {}],
  ])('reads %j', (header, directives) => {
    expect(Object.fromEntries(parseCacheControl(header))).toEqual(directives);
  });

  it('has nothing for an absent header', () => {
    expect(parseCacheControl(undefined).size).toBe(0);
  });

  it('takes __proto__ for a directive', () => {
    expect([...parseCacheControl('__proto__=1')]).toEqual([['__proto__', '1']]);
  });
});

describe('deltaSeconds', () => {
  it.each([
    ['max-age=60', 60],
    ['max-age="60"', 60],
    ['max-age=0', 0],
    ['public', undefined],
    ['max-age', 0],
    ['max-age=', 0],
    ['max-age=-1', 0],
    ['max-age=1.5', 0],
    ['max-age=60s', 0],
    ['max-age=1e3', 0],
    ['max-age=6 0', 0],
    ['max-age="60"x', 0],
    ['max-age=99999999999999', 2 ** 31],
    ['max-age=10, max-age=20', 10],
    ['max-age=soon, max-age=20', 0],
  ])('of %j is %s', (header, seconds) => {
    expect(deltaSeconds(parseCacheControl(header), 'max-age')).toBe(seconds);
  });
});
