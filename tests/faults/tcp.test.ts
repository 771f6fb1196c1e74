import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../server/src/core/store';
import { createRemoteStore, type RemoteStore } from '../../server/src/stores/create-remote-store';
import { entryOf } from '../support/entries';
import { startRedis, type RedisServer } from '../support/redis-server';

let server: RedisServer;
let store: RemoteStore;

beforeEach(async () => {
  server = await startRedis();
  store = open(100);
  await store.begin();
});
afterEach(async () => {
  server.resume();
  await store.close();
  await server.stop();
});

const open = (deadline: number) =>
  createRemoteStore(
    { redisUrl: `redis://127.0.0.1:${server.port}` },
    { prefix: 'app', maxBytes: 1_000_000, lease: 0, deadline, drain: 50 },
  );

const isUp = async (of: Store) =>
  (await of.begin()) !== null && typeof (await of.get('none', Date.now())) === 'string';

describe('redis over TCP', () => {
  it('that goes away fails at once, and is found again', async () => {
    await server.stop();
    await vi.waitFor(async () => expect(await store.get('k', Date.now())).toBe('unavailable'));
    const startedAt = performance.now();
    for (let i = 0; i < 50; i++) expect(await store.get('k', Date.now())).toBe('unavailable');
    expect(performance.now() - startedAt).toBeLessThan(1000);

    const purged = store.purge({ tags: ['t'] });
    server = await startRedis({ port: server.port });
    await purged;
    await vi.waitFor(async () => expect(await isUp(store)).toBe(true), { timeout: 5000 });
    const seq = (await store.begin()) ?? 0;
    expect(store.put(entryOf({ key: 'k', seq }))).toBe(true);
  });

  it('that hangs answers as unavailable within its deadline, and a new connection is made', async () => {
    server.pause();
    const startedAt = performance.now();
    expect(await store.get('k', Date.now())).toBe('unavailable');
    expect(performance.now() - startedAt).toBeLessThan(1000);
    server.resume();
    await vi.waitFor(async () => expect(await isUp(store)).toBe(true), { timeout: 5000 });
  });

  it('that is not there when the app starts is found later', async () => {
    const { port } = server;
    await server.stop();
    const early = open(100);
    expect(await early.get('k', Date.now())).toBe('unavailable');
    server = await startRedis({ port });
    await vi.waitFor(async () => expect(await isUp(early)).toBe(true), { timeout: 5000 });
    await early.close();
  });

  it('shares entries and purges with other instances', async () => {
    const other = open(1000);
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const seq = (await store.begin()) ?? 0;
    store.put(entryOf({ key: 'k', seq, body }));
    await store.idle();
    expect(await other.get('k', Date.now())).toMatchObject({ key: 'k', body });
    await store.purge({ tags: ['t'] });
    expect(await other.get('k', Date.now())).toBe('purged');
    await other.close();
  });
});
