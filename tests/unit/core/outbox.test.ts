import { describe, expect, it } from 'vitest';
import { Outbox, type Notice, type OutboxEvent } from '../../../server/src/core/outbox';
import { FakeTime, flushPromises } from '../../support/fake-clock';

const WINDOW = 250;
const HOUR = 3_600_000;

/** An outbox, and a receiver that takes what it is told to take. */
function outboxTo(answers: ('takes' | 'refuses' | 'hangs')[] = []) {
  const time = new FakeTime();
  const sent: Notice[] = [];
  const events: OutboxEvent[] = [];
  const outbox = new Outbox({
    time,
    window: WINDOW,
    onEvent: (event) => events.push(event),
    send: (notice) => {
      sent.push(notice);
      const answer = answers.shift() ?? 'takes';
      if (answer === 'hangs') return new Promise(() => {});
      return answer === 'takes' ? Promise.resolve() : Promise.reject(new Error('status 503'));
    },
  });
  return { outbox, time, sent, events };
}

describe('an outbox', () => {
  it('gathers what comes within its window into one notice', async () => {
    const { outbox, time, sent } = outboxTo();
    outbox.add({ tags: ['b'] });
    await time.advance(WINDOW - 1);
    outbox.add({ tags: ['a', 'b'], paths: ['/x'] });
    expect(sent).toEqual([]);
    await time.advance(1);
    expect(sent).toEqual([{ all: false, tags: ['a', 'b'], paths: ['/x'], morePaths: false }]);
    expect(time.pendingTimers).toBe(0);
  });

  it('sends nothing when there is nothing to say', async () => {
    const { outbox, time, sent } = outboxTo();
    outbox.add({ tags: [] });
    await time.advance(HOUR);
    expect(sent).toEqual([]);
  });

  it('says everything where more tags fell than a notice holds', async () => {
    const { outbox, time, sent } = outboxTo();
    outbox.add({ tags: Array.from({ length: 2001 }, (_, i) => `t${i}`) });
    outbox.add({ tags: ['one-more'] });
    await time.advance(WINDOW);
    expect(sent).toEqual([{ all: true, tags: [], paths: [], morePaths: false }]);
  });

  it('holds so many paths and says that there were more', async () => {
    const { outbox, time, sent } = outboxTo();
    outbox.add({ paths: Array.from({ length: 501 }, (_, i) => `/p${i}`) });
    await time.advance(WINDOW);
    expect(sent[0]?.paths).toHaveLength(500);
    expect(sent[0]?.morePaths).toBe(true);
  });

  it('sends one notice at a time and gathers meanwhile', async () => {
    const { outbox, time, sent } = outboxTo(['hangs']);
    outbox.add({ tags: ['first'] });
    await time.advance(WINDOW);
    for (let i = 0; i < 1000; i++) outbox.add({ tags: [`later ${i % 7}`] });
    await time.advance(HOUR);
    expect(sent).toHaveLength(1);
  });

  it('sends again what was refused, with what came meanwhile, after growing pauses', async () => {
    const { outbox, time, sent, events } = outboxTo(['refuses', 'refuses', 'takes']);
    outbox.add({ tags: ['a'] });
    await time.advance(WINDOW);
    outbox.add({ tags: ['b'] });
    await time.advance(499);
    expect(sent).toHaveLength(1);
    await time.advance(501);
    expect(sent).toHaveLength(2);
    await time.advance(499);
    expect(sent).toHaveLength(2);
    await time.advance(1501);
    expect(sent.map(({ tags }) => tags)).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    expect(events).toEqual([{ type: 'delayed', reason: 'status 503' }, { type: 'recovered' }]);
  });

  it('gives up after fifteen refusals and starts anew with the next purge', async () => {
    const { outbox, time, sent, events } = outboxTo(Array.from({ length: 15 }, () => 'refuses' as const));
    outbox.add({ tags: ['lost'] });
    await time.advance(HOUR);
    expect(sent).toHaveLength(15);
    expect(events.at(-1)).toEqual({ type: 'dropped', reason: 'status 503' });
    outbox.add({ tags: ['new'] });
    await time.advance(WINDOW);
    expect(sent.at(-1)?.tags).toEqual(['new']);
  });

  it('sends what waits when it is drained, the window aside', async () => {
    const { outbox, sent, events } = outboxTo();
    outbox.add({ tags: ['last'] });
    await outbox.drain(5000);
    expect(sent.map(({ tags }) => tags)).toEqual([['last']]);
    expect(events).toEqual([]);
  });

  it('drains within its time although the receiver hangs, and says so', async () => {
    const { outbox, time, events } = outboxTo(['hangs']);
    outbox.add({ tags: ['last'] });
    let drained = false;
    const draining = outbox.drain(5000).then(() => (drained = true));
    await time.advance(4999);
    expect(drained).toBe(false);
    await time.advance(1);
    await draining;
    await flushPromises();
    expect(events).toEqual([{ type: 'left' }]);
    expect(time.pendingTimers).toBe(0);
  });
});
