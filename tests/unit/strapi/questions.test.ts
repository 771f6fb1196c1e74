import { beforeEach, describe, expect, it } from 'vitest';
import { describeModel } from '../../../server/src/strapi/model';
import { Questions, type Change, type Purged, type Question } from '../../../server/src/strapi/questions';
import type { RawRow } from '../../../server/src/strapi/conditions-on-row';
import type { Write } from '../../../server/src/strapi/overlaps';
import { ReadScope } from '../../../server/src/strapi/read-scope';
import { attributeTag, memberTag, typeTag } from '../../../server/src/strapi/tags';
import { Batch } from '../../../server/src/strapi/writes/batch';

const UID = 'api::note.note';
const model = describeModel(
  UID,
  {
    uid: UID,
    tableName: 'notes',
    attributes: { title: { type: 'string' }, rating: { type: 'integer' }, place: { type: 'integer' } },
  },
  { hasStatus: false, hasLocale: false },
);
const MEMBER = memberTag(UID, '-|-');
const RATING = attributeTag(UID, '-|-', 'rating');
const PLACE = attributeTag(UID, '-|-', 'place');

/** Notes with a rating of at least so much, by their place. */
const atLeast = (least: number): Question => ({
  model,
  dims: ['-|-'],
  members: true,
  attributes: ['rating', 'place'],
  wheres: [{ rating: { $gte: least } }],
  atoms: new Map([['rating', [{ $gte: least }]]]),
  always: new Set(['place']),
});

let forgotten: string[];
let questions: Questions;

beforeEach(() => {
  forgotten = [];
  questions = new Questions((tag) => forgotten.push(tag));
});

const ask = (question: Question, scope = new ReadScope()): string | null => questions.ask(question, scope);

const expanded = (purged: readonly Purged[]): Set<string> =>
  questions.expand(new Batch(purged, { source: 'query', action: 'test' }));

/** What is delivered when a write that began before judges a change. */
const delivered = (write: Write, tag: string, change: Change): Set<string> =>
  expanded([questions.judge(tag, change, write)]);

const begin = (): Write => questions.overlaps.begin(UID, null);

/** What a change under a tag purges when nothing else is written meanwhile. */
const purged = (tag: string, change: Change): Set<string> => delivered(begin(), tag, change);

/** What is purged by something that judges nothing. */
const unjudged = (tag: string): Set<string> => expanded([tag]);

const note = (rating: number, place = 1) => ({ id: 1, title: 'x', rating, place });

describe('a question', () => {
  it('has one name however often it is asked', () => {
    expect(ask(atLeast(4))).toBe(ask(atLeast(4)));
    expect(ask(atLeast(3))).not.toBe(ask(atLeast(4)));
  });

  it('is touched by a row that comes and meets it, and by no other', () => {
    const tag = ask(atLeast(4));
    expect(purged(MEMBER, { before: null, after: note(5), attribute: null })).toContain(tag);
    expect(purged(MEMBER, { before: null, after: note(2), attribute: null })).not.toContain(tag);
  });

  it('is touched when a row begins or ceases to meet it, and not when it goes on', () => {
    const change = (from: number, to: number): Set<string> =>
      purged(RATING, { before: note(from), after: note(to), attribute: 'rating' });
    const first = ask(atLeast(4));
    expect(change(3, 4)).toContain(first);
    const second = ask(atLeast(4));
    expect(change(4, 5)).not.toContain(second);
    expect(change(2, 3)).not.toContain(second);
    expect(change(4, 3)).toContain(second);
  });

  it('is over when it was touched: whoever asks again asks another, and nobody is told to forget', () => {
    const tag = ask(atLeast(4));
    purged(MEMBER, { before: null, after: note(5), attribute: null });
    expect(purged(MEMBER, { before: null, after: note(5), attribute: null })).toEqual(new Set([MEMBER]));
    expect(ask(atLeast(4))).not.toBe(tag);
    expect(forgotten).toEqual([]);
  });

  it('is touched by a write that judged before it was asked anew', () => {
    ask(atLeast(4));
    const [first, second] = [begin(), begin()];
    const judged = questions.judge(RATING, { before: note(2), after: note(3), attribute: 'rating' }, first);
    delivered(second, MEMBER, { before: null, after: note(5), attribute: null });
    const anew = ask(atLeast(4));
    expect(expanded([judged])).toContain(anew);
  });

  it('is touched by what its rows are sorted by, as long as they meet it', () => {
    const tag = ask(atLeast(4));
    expect(purged(PLACE, { before: note(4, 1), after: note(4, 2), attribute: 'place' })).toContain(tag);
    expect(purged(PLACE, { before: note(3, 1), after: note(3, 2), attribute: 'place' })).not.toContain(tag);
  });

  it('is touched by everything below it that nobody judged', () => {
    const tag = ask(atLeast(4));
    expect(unjudged(MEMBER)).toContain(tag);
    expect(unjudged(typeTag(UID))).not.toContain(tag);
  });

  it('is not judged by a write that looked before it was asked', () => {
    const judged = questions.judge(MEMBER, { before: null, after: note(2), attribute: null }, begin());
    const tag = ask(atLeast(4));
    expect(judged).toBe(MEMBER);
    expect(unjudged(MEMBER)).toContain(tag);
  });

  it('does not stand for an answer that was begun before a write it could not judge', () => {
    const scope = new ReadScope();
    unjudged(MEMBER);
    expect(ask(atLeast(4), scope)).toBe(null);
    expect(ask(atLeast(4))).not.toBe(null);
  });
});

describe('a question for the number of rows', () => {
  const ROWS = [
    { ...note(5), id: 1 },
    { ...note(4), id: 2 },
  ] as const;
  const came = (row: RawRow): Change => ({ before: null, after: row, attribute: null });
  const left = (row: RawRow): Change => ({ before: row, after: null, attribute: null });
  const howMany = (least: number): Question => ({ ...atLeast(least), always: new Set(), counts: true });

  /** What one transaction purges that makes these changes under a tag of rows that come and go. */
  const purgedBy = (...changes: Change[]): Set<string> => {
    const write = begin();
    return expanded(changes.map((change) => questions.judge(MEMBER, change, write)));
  };

  it('is left alone by a row that takes the place of another, as a publication does', () => {
    const tag = ask(howMany(4));
    expect(purgedBy(left(ROWS[0]), came(ROWS[1]))).not.toContain(tag);
  });

  it('is touched when one of the two does not count', () => {
    const tag = ask(howMany(5));
    expect(purgedBy(left(ROWS[0]), came(ROWS[1]))).toContain(tag);
  });

  it.each([
    ['one row comes', [came(ROWS[0])]],
    ['one row leaves', [left(ROWS[0])]],
    ['two come and one leaves', [came(ROWS[0]), came(ROWS[1]), left(ROWS[0])]],
  ])('is touched when %s', (_what, changes) => {
    const tag = ask(howMany(4));
    expect(purgedBy(...changes)).toContain(tag);
  });

  it('counts a change once that comes under two tags', () => {
    const tag = ask(howMany(4));
    const write = begin();
    const twice = came(ROWS[0]);
    const judged = [MEMBER, RATING].map((it) => questions.judge(it, twice, write));
    expect(expanded([...judged, questions.judge(MEMBER, left(ROWS[1]), write)])).not.toContain(tag);
    const lone = [MEMBER, RATING].map((it) => questions.judge(it, twice, write));
    expect(expanded(lone)).toContain(tag);
  });

  it('is touched when a row of the same transaction begins to count', () => {
    const tag = ask(howMany(4));
    const write = begin();
    const grown: Change = { before: note(3), after: note(4), attribute: 'rating' };
    const judged = [questions.judge(RATING, grown, write), questions.judge(MEMBER, left(ROWS[0]), write)];
    expect(expanded(judged)).toContain(tag);
  });

  it('is touched where it is not certain whether the row counts', () => {
    const tag = ask({ ...howMany(4), wheres: [{ title: { $contains: 'ß' } }] });
    expect(purgedBy(left(ROWS[0]), came(ROWS[1]))).toContain(tag);
  });

  it('does not spare the list of the same rows', () => {
    const [list, count] = [ask(atLeast(4)), ask(howMany(4))];
    const fallen = purgedBy(left(ROWS[0]), came(ROWS[1]));
    expect(fallen).toContain(list);
    expect(fallen).not.toContain(count);
  });
});

describe('two writes to one row at a time', () => {
  /** A row that is 3, is made 5 by one and 2 by the other; neither has seen the other's. */
  const one: Change = { before: note(3), after: note(2), attribute: 'rating' };

  it('judge nothing: what one has made and the other unmade was there for a while', () => {
    const tag = ask(atLeast(4));
    const [first, second] = [begin(), begin()];
    expect(delivered(first, RATING, one)).toContain(tag);
    const again = ask(atLeast(4));
    expect(delivered(second, RATING, one)).toContain(again);
  });

  it('judge when one is over before the other begins', () => {
    const tag = ask(atLeast(4));
    expect(delivered(begin(), RATING, one)).not.toContain(tag);
    expect(delivered(begin(), RATING, one)).not.toContain(tag);
  });

  it('judge when both are of one transaction', () => {
    const tag = ask(atLeast(4));
    const transaction = {};
    const writes = [1, 2].map(() => questions.overlaps.begin(UID, transaction));
    expect(expanded(writes.map((write) => questions.judge(RATING, one, write)))).not.toContain(tag);
  });

  it('judge nothing when SQL has changed the table meanwhile', () => {
    const tag = ask(atLeast(4));
    const write = begin();
    unjudged(typeTag(UID));
    expect(delivered(write, RATING, one)).toContain(tag);
  });

  it('leave nothing behind', () => {
    const write = begin();
    expect(questions.overlaps.size).toBe(1);
    questions.overlaps.end(write);
    questions.overlaps.end(write);
    expect(questions.overlaps.size).toBe(0);
  });

  it('are not overlapped for ever by one whose transaction ended unseen', () => {
    const tag = ask(atLeast(4));
    questions.overlaps.begin(UID, { isCompleted: () => true });
    expect(delivered(begin(), RATING, one)).toContain(tag);
    expect(delivered(begin(), RATING, one)).not.toContain(tag);
  });
});

describe('the questions of a process', () => {
  it('stay bounded, and the answers to a forgotten one go', () => {
    questions = new Questions((tag) => forgotten.push(tag), undefined, 2);
    const [first] = [ask(atLeast(1)), ask(atLeast(2)), ask(atLeast(3))];
    expect(forgotten).toEqual([first]);
    expect(purged(MEMBER, { before: null, after: note(5), attribute: null })).not.toContain(first);
  });

  it('are so many below one tag, and those that were not asked for longest go first', () => {
    questions = new Questions((tag) => forgotten.push(tag), undefined, 100, 2);
    const [, second] = [ask(atLeast(1)), ask(atLeast(2))];
    ask(atLeast(1));
    ask(atLeast(3));
    expect(forgotten).toEqual([second]);
  });
});
