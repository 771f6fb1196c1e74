import { describe, expect, it } from 'vitest';
import { MadeHead, Pieces } from '../../../server/src/middlewares/made-head';

const OPENING = {};
const made = (): MadeHead => new MadeHead(OPENING, 'HTTP/1.1 200 OK\r\nX-Text: caf\u00e9\r\n');
const body = Buffer.from('hello');

describe('head and body in one piece', () => {
  it('are put together when the head is asked for the second time', () => {
    const pieces = new Pieces();
    const head = made();
    expect(pieces.of(head, '', body)).toBeNull();
    const piece = pieces.of(head, '', body);
    expect(piece?.toString('latin1')).toBe(`${head.text('')}hello`);
    expect(pieces.of(head, '', body)).toBe(piece);
  });

  it('have the lines of the answer that asks for them', () => {
    const pieces = new Pieces();
    const head = made();
    for (const more of ['A: 1\r\n', 'A: 1\r\n', 'A: 2\r\n', 'A: 2\r\n']) {
      const piece = pieces.of(head, more, body);
      if (piece) expect(piece.toString('latin1')).toBe(`${head.text(more)}hello`);
    }
    expect(pieces.of(head, 'A: 2\r\n', body)).not.toBeNull();
    expect(pieces.of(head, '', body)).toBeNull();
  });

  it('are not copied for large bodies', () => {
    const pieces = new Pieces();
    const head = made();
    const large = Buffer.alloc(40_000);
    expect([1, 2, 3].map(() => pieces.of(head, '', large))).toEqual([null, null, null]);
  });

  it('take 4 MB and no more, however many heads are asked for', () => {
    const pieces = new Pieces();
    const heads = Array.from({ length: 1_000 }, made);
    const ten = Buffer.alloc(10_000);
    for (const head of heads) for (const _ of [1, 2]) pieces.of(head, '', ten);
    const kept = heads.filter(({ piece }) => piece !== null);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length * 10_000).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(heads.at(-1)?.piece).not.toBeNull();
  });

  it('give up all that they have once there is no more room, and are put together again when asked for', () => {
    const pieces = new Pieces();
    const [first, ...others] = Array.from({ length: 1_000 }, made);
    const ten = Buffer.alloc(10_000);
    for (const head of [first!, ...others]) for (const _ of [1, 2]) pieces.of(head, '', ten);
    expect(first?.piece).toBeNull();
    expect(pieces.of(first!, '', ten)?.byteLength).toBe(first!.text('').length + 10_000);
  });
});
