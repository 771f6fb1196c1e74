import { beforeEach, describe, expect, it } from 'vitest';
import { Overlaps, type Transaction, type Write } from '../../../server/src/strapi/overlaps';

const NOTE = 'api::note.note';
const ROW = { id: 1, title: 'as it was' };

let overlaps: Overlaps;
beforeEach(() => {
  overlaps = new Overlaps();
});

function begin(
  rows: readonly string[],
  transaction: Transaction | null = null,
  mentioned: string[] = [],
): Write {
  const write = overlaps.begin(NOTE, transaction);
  for (const row of rows) write.rows.set(row, [ROW]);
  for (const row of mentioned) write.mentioned.add(row);
  return write;
}

const collisions = (write: Write) => [...overlaps.collisions(write)];

describe('two writes that run at the same time', () => {
  it('collide where they change one row, and each learns what the other knows of it', () => {
    const [first, second] = [begin(['1', '2']), begin(['1', '3'])];
    expect(collisions(first)).toEqual([['1', [ROW]]]);
    expect(collisions(second)).toEqual([['1', [ROW]]]);
  });

  it('still collide when the other is over', () => {
    const [first, second] = [begin(['1']), begin(['1'])];
    overlaps.end(second);
    expect(collisions(first)).toHaveLength(1);
  });

  it('do not collide where one was over before the other began', () => {
    overlaps.end(begin(['1']));
    expect(collisions(begin(['1']))).toEqual([]);
  });

  it('do not collide inside of one transaction, where nobody sees what stands in between', () => {
    const transaction = {};
    const [first, second] = [begin(['1'], transaction), begin(['1'], transaction)];
    expect([...collisions(first), ...collisions(second)]).toEqual([]);
    expect(collisions(begin(['1'], {}))).toHaveLength(2);
  });

  it('collide where one changes what the other mentions, not where both mention it', () => {
    const [changing, one, other] = [begin(['1']), begin([], null, ['1']), begin([], null, ['1'])];
    expect(overlaps.collided(one)).toEqual([changing]);
    expect(overlaps.collided(other)).toEqual([changing]);
    expect(overlaps.collided(changing)).toEqual([one, other]);
  });
});

describe('SQL beside a write', () => {
  it('that names its rows collides with the writes of these rows', () => {
    const [mine, others] = [begin(['1']), begin(['2'])];
    overlaps.sql({ subject: NOTE, rows: new Map([['1', [{ title: 'by sql' }]]]) }, null);
    expect(collisions(mine)).toEqual([['1', [{ title: 'by sql' }]]]);
    expect(collisions(others)).toEqual([]);
    expect([mine.disturbed, others.disturbed]).toEqual([false, false]);
  });

  it('that names none disturbs all, but for those of its own transaction', () => {
    const transaction = {};
    const [alone, inside] = [begin(['1']), begin(['1'], transaction)];
    overlaps.sql({ subject: NOTE, rows: null }, transaction);
    expect([alone.disturbed, inside.disturbed]).toEqual([true, false]);
  });

  it('to another table is nobody else’s business', () => {
    const write = begin(['1']);
    overlaps.sql({ subject: 'api::other.other', rows: null }, null);
    expect(write.disturbed).toBe(false);
  });
});
