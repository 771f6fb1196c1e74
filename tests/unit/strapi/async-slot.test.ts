import { describe, expect, it } from 'vitest';
import { AsyncSlot } from '../../../server/src/strapi/async-slot';

describe('a value that follows the code started under it', () => {
  const color = new AsyncSlot<string>();
  const size = new AsyncSlot<number | null>();

  it('is not there outside', () => {
    expect(color.get()).toBeUndefined();
  });

  it('is there after every await, and gone behind the call', async () => {
    const seen = color.run('red', async () => {
      await Promise.resolve();
      return color.get();
    });
    expect(color.get()).toBeUndefined();
    expect(await seen).toBe('red');
  });

  it('gives way to a nearer one and comes back', () => {
    const seen: unknown[] = [];
    color.run('red', () => {
      color.run('blue', () => seen.push(color.get()));
      seen.push(color.get());
    });
    expect(seen).toEqual(['blue', 'red']);
  });

  it('leaves the values of others alone', async () => {
    const seen = await color.run('red', () =>
      size.run(5, async () => {
        await Promise.resolve();
        return [color.get(), size.get()];
      }),
    );
    expect(seen).toEqual(['red', 5]);
    expect(color.run('red', () => size.get())).toBeUndefined();
  });

  it('may be null, which is not the absence of a value', () => {
    expect(size.run(5, () => size.run(null, () => size.get()))).toBeNull();
  });

  it('is kept apart between callers that run at the same time', async () => {
    const one = (name: string): Promise<string | undefined> =>
      color.run(name, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return color.get();
      });
    expect(await Promise.all(['red', 'blue', 'green'].map(one))).toEqual(['red', 'blue', 'green']);
  });
});
