import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { takeBody } from '../../../server/src/middlewares/capture';

const taken = (body: unknown): Buffer | null => takeBody({ body } as Context);

describe('the bytes of a body', () => {
  it.each<[string, unknown]>([
    ['nothing', ''],
    ['letters of one byte', { title: 'Bread' }],
    ['letters of two and three bytes', { title: 'Brötchen für 2 €' }],
    ['letters outside of the basic plane', { title: '🥖🥐' }],
    ['half of such a letter', { title: '🥖'.slice(0, 1) }],
    ['a small text', 'Bread'],
    ['a text of 400 KB', 'ß'.repeat(200_000)],
    ['a text just as long as what is kept ready for them', '€'.repeat(131_072)],
    ['a text one letter longer', '€'.repeat(131_073)],
  ])('are those of UTF-8: %s', (_what, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(taken(body)?.equals(Buffer.from(text))).toBe(true);
  });

  it('stay what they are when the next body is taken', () => {
    const first = taken({ title: 'Bread' });
    taken({ title: 'Brown' });
    expect(first?.toString()).toBe('{"title":"Bread"}');
  });

  it('are in memory that no other body shares', () => {
    const body = taken({ title: 'Bread' });
    expect(body?.buffer.byteLength).toBe(body?.byteLength);
  });

  it('are left alone where there are bytes already', () => {
    const bytes = Buffer.from('Bread');
    expect(taken(bytes)).toBe(bytes);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a stream', { pipe: () => undefined }],
  ])('are none of %s', (_what, body) => {
    expect(taken(body)).toBeNull();
  });
});
