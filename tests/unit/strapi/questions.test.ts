import { beforeEach, describe, expect, it } from 'vitest';
import { describeModel } from '../../../server/src/strapi/model';
import { Questions, type Change, type Question } from '../../../server/src/strapi/questions';
import type { Write } from '../../../server/src/strapi/overlaps';
import { ReadScope } from '../../../server/src/strapi/read-scope';
import { attributeTag, memberTag, typeTag } from '../../../server/src/strapi/tags';

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
const PLAIN = [MEMBER, RATING, PLACE];

/** Notes with a rating of at least so much, by their place. */
const atLeast = (least: number): Question => ({
  model,
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

const ask = (question: Question, scope = new ReadScope()): string | null =>
  questions.ask(question, PLAIN, scope);

/** What is delivered when a write that began before judges a change. */
function delivered(write: Write, tag: string, change: Change): Set<string> {
  const judged = questions.judge(tag, change, write);
  const spared = typeof judged === 'string' ? new Set<string>() : judged.spared;
  return questions.expand({ tags: new Map([[tag, spared]]), writes: new Set([write]) });
}

const begin = (): Write => questions.overlaps.begin(UID, null);

/** What a change under a tag purges when nothing else is written meanwhile. */
const purged = (tag: string, change: Change): Set<string> => delivered(begin(), tag, change);

/** What is purged by something that judges nothing. */
const unjudged = (tag: string): Set<string> =>
  questions.expand({ tags: new Map([[tag, new Set<string>()]]), writes: new Set() });

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
    const tag = ask(atLeast(4));
    expect(purged(RATING, { before: note(3), after: note(4), attribute: 'rating' })).toContain(tag);
    expect(purged(RATING, { before: note(4), after: note(3), attribute: 'rating' })).toContain(tag);
    expect(purged(RATING, { before: note(4), after: note(5), attribute: 'rating' })).not.toContain(tag);
    expect(purged(RATING, { before: note(2), after: note(3), attribute: 'rating' })).not.toContain(tag);
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

describe('two writes to one row at a time', () => {
  /** A row that is 3, is made 5 by one and 2 by the other; neither has seen the other's. */
  const one: Change = { before: note(3), after: note(2), attribute: 'rating' };

  it('judge nothing: what one has made and the other unmade was there for a while', () => {
    const tag = ask(atLeast(4));
    const [first, second] = [begin(), begin()];
    expect(delivered(first, RATING, one)).toContain(tag);
    expect(delivered(second, RATING, one)).toContain(tag);
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
    const spared = new Set([tag ?? '']);
    for (const write of writes) expect(questions.judge(RATING, one, write)).toMatchObject({ spared });
    const tags = new Map([[RATING, spared]]);
    expect(questions.expand({ tags, writes: new Set(writes) })).not.toContain(tag);
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
    questions = new Questions((tag) => forgotten.push(tag), 2);
    const [first] = [ask(atLeast(1)), ask(atLeast(2)), ask(atLeast(3))];
    expect(forgotten).toEqual([first]);
    expect(purged(MEMBER, { before: null, after: note(5), attribute: null })).not.toContain(first);
  });

  it('are so many below one tag, and those that were not asked for longest go first', () => {
    questions = new Questions((tag) => forgotten.push(tag), 100, 2);
    const [, second] = [ask(atLeast(1)), ask(atLeast(2))];
    ask(atLeast(1));
    ask(atLeast(3));
    expect(forgotten).toEqual([second]);
  });
});
