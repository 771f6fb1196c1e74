import type { Entry } from '../../server/src/core/entry';

const TEN_MINUTES = 600_000;

/** An entry of ten minutes; everything that matters to a test is given. */
export function entryOf(over: Partial<Entry> & Pick<Entry, 'key' | 'seq'> & { now?: number }): Entry {
  const { now = Date.now(), ...rest } = over;
  return {
    label: `/api/${over.key}`,
    principal: 'public',
    status: 200,
    headers: ['content-type', 'application/json'],
    body: Buffer.from('{}'),
    tags: ['t'],
    storedAt: now,
    freshUntil: now + TEN_MINUTES,
    grace: null,
    cost: 5,
    checked: 0,
    ...rest,
  };
}
