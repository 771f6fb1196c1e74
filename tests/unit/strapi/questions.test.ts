import { beforeEach, describe, expect, it } from 'vitest';
import { describeModel } from '../../../server/src/strapi/model';
import { Questions, type Change, type Question } from '../../../server/src/strapi/questions';
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

/** What a change under a tag purges when it is delivered at once. */
function purged(tag: string, change: Change): Set<string> {
  const judged = questions.judge(tag, change);
  return questions.expand(
    typeof judged === 'string' ? new Map([[judged, new Set()]]) : new Map([[judged.tag, judged.spared]]),
  );
}

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
    expect(questions.expand(new Map([[MEMBER, new Set<string>()]]))).toContain(tag);
    expect(questions.expand(new Map([[typeTag(UID), new Set<string>()]]))).not.toContain(tag);
  });

  it('is not judged by a write that looked before it was asked', () => {
    const judged = questions.judge(MEMBER, { before: null, after: note(2), attribute: null });
    const tag = ask(atLeast(4));
    expect(judged).toBe(MEMBER);
    expect(questions.expand(new Map([[MEMBER, new Set<string>()]]))).toContain(tag);
  });

  it('does not stand for an answer that was begun before a write it could not judge', () => {
    const scope = new ReadScope();
    questions.expand(new Map([[MEMBER, new Set<string>()]]));
    expect(ask(atLeast(4), scope)).toBe(null);
    expect(ask(atLeast(4))).not.toBe(null);
  });
});

describe('the questions of a process', () => {
  it('stay bounded, and the answers to a forgotten one go', () => {
    questions = new Questions((tag) => forgotten.push(tag), 2);
    const [first] = [ask(atLeast(1)), ask(atLeast(2)), ask(atLeast(3))];
    expect(forgotten).toEqual([first]);
    expect(purged(MEMBER, { before: null, after: note(5), attribute: null })).not.toContain(first);
  });

  it('are so many below one tag, and then plain tags do', () => {
    const tags = Array.from({ length: 250 }, (_, i) => ask(atLeast(i)));
    expect(tags.filter((tag) => tag !== null)).toHaveLength(200);
  });
});
