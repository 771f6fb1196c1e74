import { beforeEach, describe, expect, it } from 'vitest';
import { flushPromises } from '../support/fake-clock';
import { FakeJournal } from '../support/fake-journal';
import { barrier, failing } from '../support/faults';
import { Fleet } from '../support/fleet';

/*
 * A write is answered when its purge is acknowledged, or when the store has had its time. What was answered must
 * not be lost then, whoever dies, and must be known to all before they serve from the store again.
 */

let journal: FakeJournal;
beforeEach(() => {
  journal = new FakeJournal();
});
const fleet = new Fleet(() => ({ journal, deadline: 250 }));

const PURGES = /^EVAL/;

const settled = async () => {
  for (let i = 0; i < 5; i++) await flushPromises();
};

describe('a purge whose acknowledgement is late', () => {
  it('is in the journal before its write is answered', async () => {
    const a = await fleet.booted();
    const hung = barrier(PURGES);
    a.driver.before = hung.gate;
    void a.purge('t');
    await a.time.advance(200);
    expect([...journal.jobs.values()].map((it) => it.tags)).toEqual([['t']]);
    hung.open();
  });

  it('survives the kill of its process', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    a.driver.before = barrier(PURGES).gate;
    void a.purge('t');
    await a.time.advance(250);
    fleet.kill(a);
    const reborn = await fleet.booted();
    await reborn.deliver();
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });

  it('leaves the journal when it comes', async () => {
    const a = await fleet.booted();
    const late = barrier(PURGES);
    a.driver.before = late.gate;
    const purged = a.purge('t');
    await a.time.advance(200);
    late.open();
    await purged;
    await settled();
    expect(journal.jobs.size).toBe(0);
  });
});

describe('after an outage', () => {
  it('an instance knows what others wrote during it before it serves from the store', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    await b.leaseOver();
    expect(await b.read('k', 'uncached')).toBe('uncached');
    void a.purge('t');
    await a.driver.settled();
    await settled();
    fleet.kill(a);
    fleet.redis.bridge.fault = null;
    await b.time.advance(2001);
    expect(await b.read()).toBe('new');
    await b.deliver();
    expect(journal.jobs.size).toBe(0);
  });

  it('that it did not notice, for nobody asked it anything, it knows that too', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    void a.purge('t');
    await a.driver.settled();
    await settled();
    fleet.redis.bridge.fault = null;
    await b.time.advance(3000);
    expect(await b.read()).toBe('new');
  });

  it('of the journal too, the store stays out of use until it can be read', async () => {
    const b = await fleet.booted();
    await b.read('k', 'old');
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    await b.leaseOver();
    await b.read('k', 'uncached');
    journal.broken = true;
    fleet.redis.bridge.fault = null;
    await b.time.advance(2001);
    expect(await b.store.get('k', b.time.now())).toBe('unavailable');
    journal.broken = false;
    expect(await b.read()).toBe('old');
  });

  it('that concerns one instance only, the others see its writes within the lease', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    a.driver.before = failing(/./);
    void a.purge('t');
    await a.driver.settled();
    await settled();
    fleet.kill(a);
    await b.leaseOver();
    expect(await b.read()).toBe('new');
    await b.deliver();
    expect(journal.jobs.size).toBe(0);
  });

  it('a purge that is delivered while another instance reads the journal is not missed by it', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    a.driver.before = failing(PURGES, 1);
    void a.purge('t');
    await a.driver.settled();
    await settled();
    const list = journal.list.bind(journal);
    journal.list = async () => {
      await a.deliver();
      return list();
    };
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });

  it('a strict instance reads the journal once a second at most', async () => {
    const b = await fleet.booted({ lease: 0 });
    let readings = 0;
    const list = journal.list.bind(journal);
    journal.list = () => {
      readings++;
      return list();
    };
    for (let i = 0; i < 50; i++) await b.read();
    expect(readings).toBe(0);
    await b.time.advance(1000);
    for (let i = 0; i < 50; i++) await b.read();
    expect(readings).toBe(1);
  });

  it('a store that is known to be down is no reason to read the journal', async () => {
    const b = await fleet.booted();
    fleet.redis.bridge.fault = () => ({ kind: 'drop' });
    await b.leaseOver();
    await b.read('k', 'uncached');
    let readings = 0;
    journal.list = () => {
      readings++;
      return Promise.resolve([]);
    };
    for (let i = 0; i < 50; i++) await b.read('k', 'uncached');
    expect(readings).toBe(0);
  });
});
