import { describe, expect, it } from 'vitest';
import { storedHeaders } from '../../../server/src/core/stored-headers';

describe('storedHeaders', () => {
  it('keeps names as they were written, and their order', () => {
    const kept = storedHeaders([
      ['X-b', '1'],
      ['Content-Type', 'text/plain'],
      ['x-A', '2'],
    ]);
    expect(kept).toEqual(['X-b', '1', 'Content-Type', 'text/plain', 'x-A', '2']);
  });

  it('keeps each of several values', () => {
    expect(storedHeaders([['Link', ['<a>', '<b>']]])).toEqual(['Link', '<a>', 'Link', '<b>']);
  });

  it('writes numbers as text', () => {
    expect(storedHeaders([['X-Total', 7]])).toEqual(['X-Total', '7']);
  });

  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authenticate',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Set-Cookie',
    'Age',
    'Date',
    'Content-Length',
    'Server-Timing',
    'X-Response-Time',
    'X-Request-Id',
    'X-Correlation-Id',
    'X-Cache',
    'RateLimit',
    'RateLimit-Policy',
    'X-RateLimit-Limit',
    'x-ratelimit-reset',
  ])('leaves out %s, which belongs to one answer', (name) => {
    const kept = storedHeaders([
      [name, 'x'],
      ['X-Kept', '1'],
    ]);
    expect(kept).toEqual(['X-Kept', '1']);
  });

  it('leaves out what Connection names', () => {
    const kept = storedHeaders([
      ['connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['X-Kept', '1'],
    ]);
    expect(kept).toEqual(['X-Kept', '1']);
  });

  it('leaves out what stood there before with the same value, and keeps what was changed', () => {
    const kept = storedHeaders(
      [
        ['X-Frame-Options', 'DENY'],
        ['Vary', 'Origin, X-Shop'],
      ],
      [
        ['x-frame-options', 'DENY'],
        ['Vary', 'Origin'],
      ],
    );
    expect(kept).toEqual(['Vary', 'Origin, X-Shop']);
  });
});
