import type { Core } from '@strapi/strapi';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { AsyncSlot } from '../../../server/src/strapi/async-slot';
import { shareRequestContext } from '../../../server/src/strapi/request-context';

/** As `@strapi/core/dist/services/request-context.js` makes it. */
function strapiWithContext(): { strapi: Core.Strapi; own: AsyncLocalStorage<unknown> } {
  const own = new AsyncLocalStorage<unknown>();
  const requestContext = {
    run: async (store: unknown, callback: () => unknown) => own.run(store, callback),
    get: () => own.getStore(),
  };
  return { strapi: { requestContext } as unknown as Core.Strapi, own };
}

type Context = Parameters<Core.Strapi['requestContext']['run']>[0];
const context = (name: string): Context => ({ state: { name } }) as unknown as Context;

describe('the context of a request', () => {
  it('is there in all that its handler does, and nowhere else', async () => {
    const { strapi } = strapiWithContext();
    shareRequestContext(strapi, '20.18.1');
    const one = context('one');
    const seen: unknown[] = [];
    await strapi.requestContext.run(one, async () => {
      await Promise.resolve();
      seen.push(strapi.requestContext.get());
    });
    expect(seen).toEqual([one]);
    expect(strapi.requestContext.get()).toBeUndefined();
  });

  it('is that of the nearest run, and requests at once keep theirs apart', async () => {
    const { strapi } = strapiWithContext();
    shareRequestContext(strapi, '22.0.0');
    const names: string[] = [];
    const name = (): string => String(strapi.requestContext.get()?.state.name);
    const request = async (label: string): Promise<void> =>
      strapi.requestContext.run(context(label), async () => {
        await strapi.requestContext.run(context(`${label} inside`), async () => void names.push(name()));
        await new Promise((resolve) => setImmediate(resolve));
        names.push(name());
      });
    await Promise.all([request('a'), request('b')]);
    expect(names.sort()).toEqual(['a', 'a inside', 'b', 'b inside']);
  });

  it('leaves what the trackers follow as it is', async () => {
    const { strapi } = strapiWithContext();
    shareRequestContext(strapi, '20.18.1');
    const scope = new AsyncSlot<string>();
    const one = context('one');
    const seen: unknown[] = [];
    await scope.run('scope', () =>
      strapi.requestContext.run(one, async () => void seen.push(scope.get(), strapi.requestContext.get())),
    );
    await strapi.requestContext.run(one, async () =>
      scope.run('inner', () => void seen.push(scope.get(), strapi.requestContext.get())),
    );
    expect(seen).toEqual(['scope', one, 'inner', one]);
  });

  it('rejects when the handler throws, as it does in Strapi', async () => {
    const { strapi } = strapiWithContext();
    shareRequestContext(strapi, '20.18.1');
    const failing = strapi.requestContext.run(context('one'), () => {
      throw new Error('from the handler');
    });
    await expect(failing).rejects.toThrow('from the handler');
  });

  it('does not use the storage of Strapi, and stays with it where storages cost nothing', async () => {
    const before = strapiWithContext();
    shareRequestContext(before.strapi, '20.18.1');
    await before.strapi.requestContext.run(
      context('one'),
      async () => void expect(before.own.getStore()).toBeUndefined(),
    );
    const since = strapiWithContext();
    shareRequestContext(since.strapi, '24.1.0');
    await since.strapi.requestContext.run(
      context('one'),
      async () => void expect(since.own.getStore()).toBeDefined(),
    );
  });
});
