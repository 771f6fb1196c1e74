import { describe, expect, it } from 'vitest';
import { Turns } from '../../../server/src/strapi/writes/turns';

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * How many turns of the event loop end before something resolves.
 * @param during what each of them does
 */
async function turnsUntil(waited: Promise<void> | null, during = (): void => undefined): Promise<number> {
  let done = waited === null;
  void waited?.then(() => (done = true));
  let count = 0;
  while (!done) {
    during();
    await loopTurn();
    count++;
  }
  return count;
}

/** Turns on a clock that stands still until it is told. */
function turnsOf(): { turns: Turns; pass: (milliseconds: number) => void } {
  let now = 0;
  return { turns: new Turns(() => now), pass: (milliseconds) => (now += milliseconds) };
}

/** What a statement waits for behind one of the same connection that has held the process for so long. */
function behind(milliseconds: number): {
  waited: Promise<void> | null;
  pass: (milliseconds: number) => void;
} {
  const { turns, pass } = turnsOf();
  const connection = {};
  turns.before(connection, true);
  pass(milliseconds);
  return { waited: turns.before(connection, true), pass };
}

describe('Turns', () => {
  it('let the statements of a short write follow each other', () => {
    const { turns, pass } = turnsOf();
    const connection = {};
    expect(turns.before(connection, true)).toBeNull();
    pass(0.4);
    expect(turns.before(connection, true)).toBeNull();
  });

  it('let a write that has held the process for half a millisecond wait for four turns of the event loop', async () => {
    expect(await turnsUntil(behind(0.5).waited)).toBe(4);
  });

  it('let more turns pass after a longer stretch, by its square', async () => {
    expect(await turnsUntil(behind(2).waited)).toBe(64);
  });

  it('let a hundred turns pass after the longest', async () => {
    expect(await turnsUntil(behind(20).waited)).toBe(100);
  });

  it('wait no longer than fifteen times what was held, where every turn takes long', async () => {
    const { waited, pass } = behind(2);
    expect(await turnsUntil(waited, () => pass(7))).toBe(5);
  });

  it('count from the answer of the database, where that was waited for', async () => {
    const { turns, pass } = turnsOf();
    const connection = {};
    turns.before(connection, true);
    await loopTurn();
    pass(5); // the time of the database, in which everybody else had the process
    expect(turns.answered('row')).toBe('row');
    pass(0.4);
    expect(turns.before(connection, true)).toBeNull();
    pass(0.6);
    expect(await turnsUntil(turns.before(connection, true))).toBe(16);
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
