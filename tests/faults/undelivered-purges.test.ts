import { describe, expect, it } from 'vitest';
import { failing } from '../support/faults';
import { FakeJournal } from '../support/fake-journal';
import { Fleet } from '../support/fleet';

const journal = new FakeJournal();
const fleet = new Fleet(() => ({ journal }));

const PURGES = /^EVAL/;

describe('a purge that is not acknowledged', () => {
  it('holds for its own process at once, and stores nothing that it concerns', async () => {
    const a = await fleet.booted();
    await a.read('k', 'old');
    await a.read('j', 'kept', ['other']);
    a.driver.before = failing(PURGES);
    void a.purge('t');
    await a.driver.settled();
    await a.leaseOver();
    expect(await a.read('k', 'one')).toBe('one');
    expect(await a.read('k', 'two')).toBe('two');
    expect(await a.read('j')).toBe('kept');
  });

  it('is told once, retried, delivered, and told again', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    a.driver.before = failing(PURGES, 4);
    let done = false;
    void a.purge('t').then(() => (done = true));
    await a.driver.settled();
    expect(done).toBe(false);
    await a.deliver();
    expect(done).toBe(true);
    expect(a.events.filter((it) => it.type === 'purge-delayed')).toHaveLength(1);
    expect(a.events).toContainEqual({ type: 'purge-delivered', purges: 1 });
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });

  it('waits longer and longer, and never longer than five seconds', async () => {
    const a = await fleet.booted();
    a.driver.before = failing(PURGES);
    void a.purge('t');
    await a.driver.settled();
    const attempts: number[] = [];
    for (let second = 0; second < 60; second++) {
      const before = a.driver.sent.length;
      await a.elapse(1000);
      attempts.push(a.driver.sent.length - before);
    }
    const sum = (counts: number[]) => counts.reduce((x, y) => x + y, 0);
    expect(sum(attempts)).toBeLessThan(30);
    expect(sum(attempts.slice(-10))).toBeGreaterThanOrEqual(2);
  });

  it('goes out with the next command that succeeds', async () => {
    const a = await fleet.booted();
    a.driver.before = failing(/./);
    void a.purge('t');
    await a.driver.settled();
    await a.elapse(30_000);
    const sent = a.driver.sent.length;
    while (a.driver.sent.length === sent) await a.elapse(200);
    // The next retry is at least 2.5 s away, the breaker lets a lookup through after 2 s at most.
    a.driver.before = null;
    await a.time.advance(2001);
    expect(a.store.health?.().undelivered).toBe(1);
    await a.store.begin();
    await a.driver.settled();
    expect(a.store.health?.()).toMatchObject({ available: true, undelivered: 0 });
  });

  it('does not hold up others, and merges with those that fail too', async () => {
    const a = await fleet.booted();
    const b = await fleet.booted();
    for (let i = 0; i < 300; i++) await b.read(`k${i}`, 'old', [`t${i}`]);
    a.driver.before = failing(PURGES);
    for (let i = 0; i < 300; i++) void a.purge(`t${i}`);
    await a.driver.settled();
    expect(a.store.health?.().undelivered).toBeLessThan(200);
    a.driver.before = null;
    const before = a.driver.sent.length;
    await a.deliver();
    expect(a.driver.sent.length - before).toBeLessThan(10);
    await b.leaseOver();
    for (let i = 0; i < 300; i++) expect(await b.read(`k${i}`)).toBe('new');
    expect(journal.jobs.size).toBe(0);
  });

  it('of more tags than can be kept becomes a purge of everything', async () => {
    const [a, b] = [await fleet.booted(), await fleet.booted()];
    await b.read('k', 'old');
    a.driver.before = failing(PURGES, 3);
    for (let i = 0; i < 3; i++)
      void a.store.purge({ tags: Array.from({ length: 4000 }, (_, j) => `${i}-${j}`) });
    await a.deliver();
    await b.leaseOver();
    expect(await b.read()).toBe('new');
  });
});
