import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digest, keyedDigest, shortDigest } from '../../../server/src/core/digest';

describe('a digest', () => {
  it('is SHA-256 in base64url, of texts in UTF-8 and of bytes alike', () => {
    const expected = createHash('sha256').update('naïve ☕').digest('base64url');
    expect(digest('naïve ☕')).toBe(expected);
    expect(digest(Buffer.from('naïve ☕'))).toBe(expected);
    expect(shortDigest('naïve ☕')).toBe(expected.slice(0, 22));
  });
});

describe('a keyed digest', () => {
  it('is the same for the same secret and text, wherever it is computed', () => {
    expect(keyedDigest('secret')('Bearer a')).toBe(keyedDigest('secret')('Bearer a'));
    expect(keyedDigest('secret')('Bearer a')).toMatch(/^[\w-]{43}$/);
  });

  it('is another one with another secret or another text', () => {
    const made = new Set([
      keyedDigest('secret')('Bearer a'),
      keyedDigest('Secret')('Bearer a'),
      keyedDigest('secret')('Bearer b'),
      keyedDigest('secretB')('earer a'),
      digest('secretBearer a'),
    ]);
    expect(made.size).toBe(5);
  });

  it('hashes twice with a block of its own each, as HMAC does', () => {
    const block = (text: string) => createHash('sha256').update(text).digest('hex');
    const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
    const expected = hash(block('outer secret') + hash(`${block('inner secret')}Bearer a`));
    expect(keyedDigest('secret')('Bearer a')).toBe(expected);
    expect(block('inner secret')).toHaveLength(64);
  });
});
