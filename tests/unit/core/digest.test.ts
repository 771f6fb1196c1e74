import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digest, shortDigest } from '../../../server/src/core/digest';

describe('a digest', () => {
  it('is SHA-256 in base64url, of texts in UTF-8 and of bytes alike', () => {
    const expected = createHash('sha256').update('naïve ☕').digest('base64url');
    expect(digest('naïve ☕')).toBe(expected);
    expect(digest(Buffer.from('naïve ☕'))).toBe(expected);
    expect(shortDigest('naïve ☕')).toBe(expected.slice(0, 22));
  });
});
