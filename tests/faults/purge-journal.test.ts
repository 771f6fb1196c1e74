import { beforeEach, describe, expect, it } from 'vitest';
import { flushPromises } from '../support/fake-clock';
import { FakeJournal } from '../support/fake-journal';
import { barrier, failing } from '../support/faults';
import { Fleet } from '../support/fleet';

let journal: FakeJournal;
beforeEach(() => {
  journal = new FakeJournal();
});
const fleet = new Fleet(() => ({ journal }));

const PURGES = /^EVAL/;

describe('the journal', () => {
  it('is not touched while purges are acknowledged', async () => {
    const a = await fleet.booted();
    const kept: string[] = [];
    journal.add = async (job) => void kept.push(job.id);
    await a.purge('t');
    expect(kept).toEqual([]);
  });

  it('holds what is not acknowledged, and not a moment longer', async () => {
    const a = await fleet.booted();
    a.driver.before = failing(PURGES, 1);
    void a.purge('t');
    await a.driver.settled();
    await flushPromises();
    expect([...journal.jobs.values()]).toEqual([{ id: expect.any(String), tags: ['t'], all: false }]);
    await a.deliver();
    expect(journal.jobs.size).toBe(0);
  });

  it('is replayed by whoever starts after a kill, before anything is served', async () => {
    const a = await fleet.booted();
    const b = await fleet.booted();
    await b.read('k', 'old');
    a.driver.before = failing(PURGES);
    void a.purge('t');
    await a.driver.settled();
    await flushPromises();
    fleet.kill(a);

    const reborn = await fleet.booted();
    expect(await reborn.read()).toBe('new');
    await reborn.deliver();
    await b.leaseOver();
    expect(await b.read()).toBe('new');
    expect(journal.jobs.size).toBe(0);
  });

  it('that cannot be read keeps the store out of use', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    journal.broken = true;
    const b = await fleet.booted();
    expect(await b.store.get('k', b.time.now())).toBe('unavailable');
    expect(await b.store.begin()).toBeNull();
    journal.broken = false;
    expect(await b.read()).toBe('old');
  });

  it('that fails is told, and the purge goes on', async () => {
    const a = await fleet.booted();
    journal.broken = true;
    a.driver.before = failing(PURGES, 2);
    const purged = a.purge('t');
    await a.deliver();
    await purged;
    expect(a.events).toContainEqual({ type: 'journal-failed', reason: 'journal down' });
  });

  it('does not keep a purge that is acknowledged while it is being written down', async () => {
    const a = await fleet.booted();
    a.driver.before = failing(PURGES, 1);
    let write = () => {};
    const add = journal.add.bind(journal);
    journal.add = async (job) => {
      await new Promise<void>((resolve) => (write = resolve));
      await add(job);
    };
    const purged = a.purge('t');
    await a.deliver();
    await purged;
    write();
    for (let i = 0; i < 5; i++) await flushPromises();
    expect(journal.jobs.size).toBe(0);
  });
});

describe('close', () => {
  it('waits for purges that are under way', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    const sending = barrier(PURGES);
    a.driver.before = sending.gate;
    const purged = a.purge('t');
    const closed = a.store.close();
    sending.open();
    await closed;
    await purged;
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });

  it('does not wait for ever, and leaves the rest to the journal', async () => {
    const a = await fleet.booted();
    const stuck = barrier(PURGES);
    a.driver.before = stuck.gate;
    const purged = a.purge('t');
    const closed = a.store.close();
    await a.time.advance(2000);
    await closed;
    await expect(purged).rejects.toThrow('closed before the purge was delivered');
    expect([...journal.jobs.values()].map((it) => it.tags)).toEqual([['t']]);
    expect(a.events).toContainEqual({ type: 'purge-left', purges: 1, journaled: true });
    stuck.open();
  });

  it('with a dead redis and no journal says what is lost', async () => {
    const a = await fleet.booted({ journal: null });
    a.driver.before = failing(/./);
    void a.purge('t');
    const closed = a.store.close();
    await a.time.advance(2000);
    await closed;
    expect(a.events).toContainEqual({ type: 'purge-left', purges: 1, journaled: false });
  });

  it('answers as unavailable afterwards', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    await a.store.close();
    await a.leaseOver();
    expect(await a.store.get('k', a.time.now())).toBe('unavailable');
    expect(await a.store.begin()).toBeNull();
  });
});
