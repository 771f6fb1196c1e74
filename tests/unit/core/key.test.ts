import { describe, expect, it } from 'vitest';
import { entryKey, type KeyParts } from '../../../server/src/core/key';

const parts: KeyParts = { path: '/api/a', query: '{}', principal: 'public', headers: [], context: '' };
const key = (over: Partial<KeyParts>): string => entryKey({ ...parts, ...over });

describe('entryKey', () => {
  it('is the same for the same parts, and a digest', () => {
    expect(key({})).toBe(key({}));
    expect(key({})).toMatch(/^[\w-]{43}$/);
  });

  it('depends on every part', () => {
    const different: Partial<KeyParts>[] = [
      {},
      { path: '/api/b' },
      { query: '{"a":"1"}' },
      { principal: 'other' },
      { context: '[]' },
      { headers: [['x-a', '=1']] },
      { headers: [['x-a', '=2']] },
      { headers: [['x-a', '=']] },
      { headers: [['x-a', '']] },
      { headers: [['x-b', '']] },
    ];
    expect(new Set(different.map(key)).size).toBe(different.length);
  });

  it.each([
    ['path and query', { path: '/api/a', query: 'b' }, { path: '/api/', query: 'ab' }],
    ['a path that holds a frame', { path: '/api/a;1:b', query: '' }, { path: '/api/a', query: '1:b' }],
    ['principal and context', { principal: 'p', context: 'c' }, { principal: 'pc', context: '' }],
    [
      'context and headers',
      { context: 'x-a', headers: [['=1', '']] },
      { context: '', headers: [['x-a', '=1']] },
    ],
    ['name and value', { headers: [['a', 'bc']] }, { headers: [['ab', 'c']] }],
    ['letters of two bytes', { path: 'ü', query: 'x' }, { path: '\u00c3', query: '\u00bcx' }],
  ] as [string, Partial<KeyParts>, Partial<KeyParts>][])('keeps apart %s', (_what, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});
