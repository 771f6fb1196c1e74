import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../server/src/core/frame';
import { entryOf } from '../support/entries';

const entry = entryOf({
  key: 'k',
  seq: 1_795_226_792_123_456,
  body: Buffer.from([0, 255, 13, 10]),
  now: 1_700_000_000_000,
});

describe('frame', () => {
  it('holds an entry whole', () => {
    expect(decodeFrame(encodeFrame(entry), 'k')).toEqual(entry);
  });

  it('does not carry what only one process knows', () => {
    expect(decodeFrame(encodeFrame({ ...entry, checked: 77 }), 'k')?.checked).toBe(0);
  });

  it('owns its body, however large the buffer it came in', () => {
    const frame = encodeFrame(entry);
    const large = Buffer.alloc(1_000_000);
    frame.copy(large, 500);
    const found = decodeFrame(large.subarray(500, 500 + frame.byteLength), 'k');
    expect(found?.body.buffer.byteLength).toBe(entry.body.byteLength);
  });

  it('is refused when it is cut or padded at any place', () => {
    const frame = encodeFrame(entry);
    for (let length = 0; length < frame.byteLength; length++)
      expect(decodeFrame(frame.subarray(0, length), 'k')).toBeNull();
    expect(decodeFrame(Buffer.concat([frame, Buffer.alloc(1)]), 'k')).toBeNull();
  });

  it('is refused for another key', () => {
    expect(decodeFrame(encodeFrame(entry), 'j')).toBeNull();
  });

  it('does not throw, whichever byte of its head is wrong', () => {
    const frame = encodeFrame(entry);
    for (let at = 0; at < frame.byteLength - entry.body.byteLength; at++) {
      const broken = Buffer.from(frame);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      expect(() => decodeFrame(broken, 'k')).not.toThrow();
    }
  });

  it.each([
    ['seq', '"seq":1795226792123456', '"seq":"1795226792123"'],
    ['tags', '"tags":["t"]', '"tags":[null]'],
    ['headers', '"headers":["content-type",', '"headers":["content-typ",1,'],
    ['freshUntil', '"freshUntil":1700000600000', '"freshUntil":null         '],
  ])('is refused when %s is not what it must be', (_name, find, put) => {
    const frame = encodeFrame(entry);
    const text = frame.toString('latin1');
    expect(text).toContain(find);
    const changed = Buffer.from(text.replace(find, put.padEnd(find.length)), 'latin1');
    if (changed.byteLength === frame.byteLength) expect(decodeFrame(changed, 'k')).toBeNull();
  });
});
