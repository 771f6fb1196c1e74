import { describe, expect, it } from 'vitest';
import { meets } from '../../../server/src/strapi/conditions-on-row';
import { describeModel } from '../../../server/src/strapi/model';

const model = describeModel(
  'api::note.note',
  {
    uid: 'api::note.note',
    tableName: 'notes',
    attributes: {
      title: { type: 'string', columnName: 'title' },
      authorName: { type: 'string', columnName: 'author_name' },
      rating: { type: 'integer', columnName: 'rating' },
      approved: { type: 'boolean', columnName: 'approved' },
      price: { type: 'decimal', columnName: 'price' },
      publishedOn: { type: 'date', columnName: 'published_on' },
      author: { type: 'relation', relation: 'manyToOne', target: 'api::author.author' },
    },
  },
  { hasStatus: false, hasLocale: false },
);

const row = {
  id: 1,
  title: 'Harbour Lights',
  author_name: null,
  rating: 3,
  approved: 0,
  price: '9.90',
  published_on: '2026-01-05',
};

const verdict = (where: unknown): boolean | null => meets(where, model, row);

describe('of a row it is certain', () => {
  it.each([
    [{ title: 'Harbour Lights' }, true],
    [{ title: { $eq: 'Lemon' } }, false],
    [{ title: { $in: ['Lemon', 'Tide'] } }, false],
    [{ title: { $notIn: ['Lemon', 'Tide'] } }, true],
    [{ title: { $contains: 'our Li' } }, true],
    [{ title: { $contains: 'lemon' } }, false],
    [{ title: { $notContains: 'lemon' } }, true],
    [{ title: { $containsi: 'HARBOUR' } }, true],
    [{ title: { $startsWith: 'Harb' } }, true],
    [{ title: { $startsWithi: 'lights' } }, false],
    [{ title: { $endsWith: 'Lights' } }, true],
    [{ title: { $not: { $contains: 'lemon' } } }, true],
    [{ title: { $contains: '100%' } }, false],
    [{ rating: 3 }, true],
    [{ rating: '3' }, true],
    [{ rating: { $gt: 3 } }, false],
    [{ rating: { $gte: 3, $lt: 4 } }, true],
    [{ rating: { $between: [1, 2] } }, false],
    [{ approved: false }, true],
    [{ approved: { $eq: 'true' } }, false],
    [{ approved: { $ne: true } }, true],
    [{ authorName: null }, true],
    [{ authorName: { $null: true } }, true],
    [{ authorName: { $notNull: true } }, false],
    [{ price: { $null: true } }, false],
    [{ $and: [{ rating: 3 }, { approved: true }] }, false],
    [{ $or: [{ rating: 4 }, { approved: false }] }, true],
    [{ $or: [{ rating: 4 }, { approved: true }] }, false],
    [{ $not: { rating: 4 } }, true],
    [[{ rating: 3 }, { title: 'Lemon' }], false],
    [{ author: { name: 'x' }, rating: 4 }, false],
  ])('%j: %s', (where, expected) => expect(verdict(where)).toBe(expected));
});

describe('left open, because databases differ, is', () => {
  it.each([
    ['letter case', { title: 'harbour lights' }],
    ['letter case within', { title: { $contains: 'harbour' } }],
    ['trailing spaces', { title: 'Harbour Lights ' }],
    ['accents', { title: 'Harboür Lights' }],
    ['letters that some take for two', { title: { $contains: 'ß' } }],
    ['a comparison with nothing', { authorName: 'x' }],
    ['and its negation', { authorName: { $ne: 'x' } }],
    ['the order of texts', { title: { $gt: 'A' } }],
    ['a fraction', { price: { $gt: 5 } }],
    ['a date', { publishedOn: { $lt: '2027-01-01' } }],
    ['what hangs on a relation', { author: { name: 'x' } }],
    ['an attribute that nobody knows', { mood: 'x' }],
    ['a list where one value is expected', { rating: { $gt: [1, 2] } }],
    ['a number that is none', { rating: { $gt: 'many' } }],
    ['an empty group', { $or: [] }],
    [
      'groups beside those of a relation, which Strapi lets overwrite them',
      {
        author: { $and: [{ name: 'x' }] },
        $and: [{ rating: 4 }],
      },
    ],
  ] as const)('%s', (_why, where) => expect(verdict(where)).toBe(null));

  it('a column that the row does not show', () => {
    expect(meets({ rating: 4 }, model, { id: 1 })).toBe(null);
  });
});
