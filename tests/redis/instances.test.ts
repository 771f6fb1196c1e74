import { describe, expect, it } from 'vitest';
import { Fleet } from '../support/fleet';

const fleet = new Fleet();

describe('three instances', () => {
  it('with a lease of one second serve nothing older than that', async () => {
    const all = [await fleet.warm(), await fleet.warm(), await fleet.warm()];
    for (let round = 0; round < 10; round++) {
      for (const process of all) await process.read('k', `v${round}`);
      const writer = all[round % 3];
      await writer?.purge('t');
      expect(await writer?.read('k', `v${round + 1}`)).toBe(`v${round + 1}`);
      for (const process of all) {
        await process.leaseOver();
        expect(await process.read('k', `v${round + 1}`)).toBe(`v${round + 1}`);
      }
    }
  });

  it('may serve what they knew inside of the lease, and no command is sent', async () => {
    const [a, b] = [await fleet.warm(), await fleet.warm()];
    await a.read('k', 'old');
    await b.read('k', 'old');
    await a.purge('t');
    expect(await fleet.redis.billed(() => b.read('k', 'new'))).toEqual({});
    expect(await b.read('k', 'new')).toBe('old');
  });

  it('that are strict serve nothing older than the purge', async () => {
    const all = [
      await fleet.warm({ lease: 0 }),
      await fleet.warm({ lease: 0 }),
      await fleet.warm({ lease: 0 }),
    ];
    for (let round = 0; round < 10; round++) {
      for (const process of all) await process.read('k', `v${round}`);
      await all[round % 3]?.purge('t');
      for (const process of all) expect(await process.read('k', `v${round + 1}`)).toBe(`v${round + 1}`);
    }
  });

  it('keep precise: an unrelated purge costs no entry', async () => {
    const [a, b] = [await fleet.warm(), await fleet.warm()];
    await a.read('k', 'kept');
    await b.purge('unrelated');
    await a.sync();
    expect(await a.read()).toBe('kept');
    expect(await b.read()).toBe('kept');
  });
});

describe('a tag that is not well-formed text', () => {
  it('is no reason to store, as it would be another tag elsewhere', async () => {
    const a = await fleet.warm();
    const seq = (await a.store.begin()) ?? 0;
    expect(await a.keep('k', 'old', seq, ['\ud800'])).toBe(false);
  });

  it('in a purge reaches the entries that the database made of it', async () => {
    const [a, b] = [await fleet.warm(), await fleet.warm()];
    await b.read('k', 'old', ['\ufffd']);
    expect(await a.read('k', 'new')).toBe('old');
    await a.purge('\ud800');
    expect(await a.read('k', 'new', ['\ufffd'])).toBe('new');
    await b.sync();
    expect(await b.read('k', 'newer')).toBe('new');
  });
});
