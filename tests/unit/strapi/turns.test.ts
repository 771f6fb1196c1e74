import { describe, expect, it } from 'vitest';
import { Turns } from '../../../server/src/strapi/writes/turns';

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns on a clock that stands still until it is told. */
function turnsOf(): { turns: Turns; pass: (milliseconds: number) => void } {
  let now = 0;
  return { turns: new Turns(() => now), pass: (milliseconds) => (now += milliseconds) };
}

describe('Turns', () => {
  it('let the statements of a short write follow each other', () => {
    const { turns, pass } = turnsOf();
    const connection = {};
    expect(turns.before(connection, true)).toBeNull();
    pass(0.4);
    expect(turns.before(connection, true)).toBeNull();
  });

  it('let a write that has held the process wait for two turns of the event loop', async () => {
    const { turns, pass } = turnsOf();
    const connection = {};
    turns.before(connection, true);
    pass(0.5);
    const order: string[] = [];
    const waited = turns.before(connection, true)?.then(() => order.push('statement'));
    void loopTurn()
      .then(() => order.push('what was there'))
      .then(loopTurn)
      .then(() => order.push('what came meanwhile'));
    await waited;
    await loopTurn();
    expect(order.slice(0, 2)).toContain('what was there');
    expect(order.indexOf('statement')).toBeGreaterThan(order.indexOf('what was there'));
  });

  it('count anew what holds the process in the next turn of the event loop', async () => {
    const { turns, pass } = turnsOf();
    turns.before({}, true);
    pass(0.4);
    await loopTurn();
    expect(turns.before({}, true)).toBeNull();
    pass(0.4);
    expect(turns.before({}, true)).toBeNull();
  });

  it('never make a read wait', () => {
    const { turns, pass } = turnsOf();
    turns.before({}, true);
    pass(10);
    expect(turns.before({}, false)).toBeNull();
  });

  it('let no statement of a connection overtake one that waits', async () => {
    const { turns, pass } = turnsOf();
    const connection = {};
    const order: string[] = [];
    turns.before(connection, true);
    pass(0.5);
    const insert = turns.before(connection, true)?.then(() => order.push('insert'));
    await loopTurn();
    // the write beside it has failed, and its transaction ends
    const rollback = turns.before(connection, false)?.then(() => order.push('rollback'));
    expect(rollback).toBeDefined();
    await Promise.all([insert, rollback]);
    expect(order).toEqual(['insert', 'rollback']);
    expect(turns.before(connection, false)).toBeNull();
  });

  it('leave other connections alone', () => {
    const { turns, pass } = turnsOf();
    turns.before({}, true);
    pass(0.5);
    turns.before({}, true);
    expect(turns.before({}, false)).toBeNull();
  });
});
