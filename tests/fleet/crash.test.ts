import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tagPath, nameIn, type Instance } from '../support/fleet-instance';
import { FleetSite } from '../support/fleet-site';
import { until } from '../support/until';

const PURGES = /^EVAL/;
const LEASE = 1000;

let site: FleetSite;
let writer: Instance, reader: Instance;
let ids: string[];

beforeEach(async () => {
  site = await FleetSite.open();
  [writer, reader] = (await site.startAll(2)) as [Instance, Instance];
  ids = (await writer.tags()).slice(0, 8);
  for (const id of ids)
    for (const it of [writer, reader])
      await until('cached', async () => (await it.get(tagPath(id))).outcome === 'HIT');
});
afterEach(() => site.close());

/** Writes whose purges get no answer; each write is answered all the same. */
async function writeWithoutDelivery(kind: 'hang' | 'drop'): Promise<void> {
  site.redis.bridge.fault = (command) => (PURGES.test(command) ? { kind } : null);
  await Promise.all(ids.map((id, i) => writer.rename(id, `written ${i}`)));
}

const names = (from: Instance): Promise<string[]> =>
  Promise.all(ids.map(async (id) => nameIn(await from.get(tagPath(id)))));

const written = (): string[] => ids.map((_, i) => `written ${i}`);

describe('the writing instance is killed while Redis takes no purges', () => {
  it.each(['hang', 'drop'] as const)('(%s): after its restart nothing is stale', async (kind) => {
    await writeWithoutDelivery(kind);
    await site.kill(writer);
    site.redis.bridge.fault = null;
    const reborn = await site.start();
    expect(await names(reborn)).toEqual(written());
    await until('the purges are delivered', async () => String(await names(reader)) === String(written()));
  });

  it('another instance that starts delivers them as well', async () => {
    await writeWithoutDelivery('hang');
    await site.kill(writer);
    await site.kill(reader);
    site.redis.bridge.fault = null;
    const [one, two] = (await site.startAll(2)) as [Instance, Instance];
    expect(await names(one)).toEqual(written());
    expect(await names(two)).toEqual(written());
  });
});

describe('the writing instance is killed while Redis is away', () => {
  it('an instance that went on running knows its writes when Redis is back', async () => {
    site.redis.bridge.fault = () => ({ kind: 'drop' });
    await Promise.all(ids.map((id, i) => writer.rename(id, `written ${i}`)));
    await site.kill(writer);
    const down = async (): Promise<boolean> => !/hit/.test((await reader.get(tagPath(ids[0] ?? ''))).detail);
    await until('the reader has noticed', down, LEASE * 3);
    site.redis.bridge.fault = null;
    await until(
      'the reader trusts Redis again',
      async () => {
        expect(await names(reader)).toEqual(written());
        const { outcome } = await reader.get(tagPath(ids[0] ?? ''));
        return outcome === 'HIT';
      },
      12_000,
    );
  });
});

describe('the writing instance is killed in the middle of a hundred writes', () => {
  it('nothing that it answered is stale afterwards', async () => {
    const answered = new Map<string, string>();
    const write = async (id: string): Promise<void> => {
      for (let i = 0; i < 100; i++) {
        const name = `${id} ${i}`;
        await writer.rename(id, name);
        answered.set(id, name);
      }
    };
    const writing = Promise.allSettled(ids.map(write));
    await until('some are answered', () => answered.size === ids.length);
    await site.kill(writer);
    await writing;
    const reborn = await site.start();
    await until(
      'everybody agrees',
      async () => String(await names(reader)) === String(await names(reborn)),
      LEASE * 2,
    );
    const uncached = await site.start({ env: { PLAYGROUND_CACHE: 'off' } });
    expect(await names(reborn)).toEqual(await names(uncached));
  });
});
