import { describe, expect, it } from 'vitest';
import { describeModel, type Model } from '../../../server/src/strapi/model';
import { Levels, type Kind } from '../../../server/src/strapi/reads/levels';
import { questionOf, type Level } from '../../../server/src/strapi/reads/uses';
import type { Schema } from '../../../server/src/strapi/schema';

const UID = 'api::note.note';
const attributes = {
  title: { type: 'string' },
  publishedAt: { type: 'datetime', columnName: 'published_at' },
  locale: { type: 'string' },
};
const modelWith = (traits: { hasStatus: boolean; hasLocale: boolean }): Model =>
  describeModel(UID, { uid: UID, tableName: 'notes', attributes }, traits);
const note = modelWith({ hasStatus: true, hasLocale: true });
const PUBLISHED = { publishedAt: { $notNull: true } };

const levels = new Levels({ model: () => note } as unknown as Schema);

function plain(
  where: unknown,
  filters: unknown = undefined,
  kind: Kind = 'rows',
  model = note,
): Level | null {
  return levels.plainOf(model, { where, filters, orderBy: undefined }, kind);
}

describe('a plain level', () => {
  it('is worked out once for a status and a locale', () => {
    const first = plain({ ...PUBLISHED, locale: 'en' });
    expect(first).not.toBeNull();
    expect(plain({ locale: { $eq: 'en' } }, { publishedAt: { $null: false } })).toBe(first);
  });

  it.each<[string, unknown, Kind]>([
    ['another locale', { ...PUBLISHED, locale: 'de' }, 'rows'],
    ['no locale', PUBLISHED, 'rows'],
    ['a locale without a name', { ...PUBLISHED, locale: '' }, 'rows'],
    ['a locale with the name of none', { ...PUBLISHED, locale: '*' }, 'rows'],
    ['the other status', { publishedAt: { $null: true }, locale: 'en' }, 'rows'],
    ['no status', { locale: 'en' }, 'rows'],
    ['a count', { ...PUBLISHED, locale: 'en' }, 'count'],
    ['a populate', { ...PUBLISHED, locale: 'en' }, 'part'],
  ])('is another one for %s', (_what, where, kind) => {
    const other = plain(where, undefined, kind);
    expect(other).not.toBeNull();
    expect(other).not.toBe(plain({ ...PUBLISHED, locale: 'en' }));
  });

  it('of every locale is not that of a locale without a name, nor of one with the name of none', () => {
    const any = plain({ publishedAt: { $null: true } });
    for (const locale of ['', '*']) {
      const one = plain({ publishedAt: { $null: true }, locale });
      expect(one).not.toBe(any);
      expect(one?.question?.wheres).toEqual([{ publishedAt: { $null: true }, locale }]);
    }
  });

  it.each<[string, unknown]>([
    ['another attribute', { ...PUBLISHED, title: 'a' }],
    ['a group', { $or: [PUBLISHED, { locale: 'en' }] }],
    ['a list of conditions', [PUBLISHED]],
    ['a time of publication', { publishedAt: { $gt: '2026-01-01' } }],
    ['a second condition on the publication', { publishedAt: { $notNull: true, $gt: '2026-01-01' } }],
    ['several locales', { locale: ['en', 'de'] }],
    ['a pattern of a locale', { locale: { $startsWith: 'e' } }],
    ['something that is no data', () => PUBLISHED],
  ])('is none where %s is demanded', (_what, where) => {
    expect(plain(where)).toBeNull();
  });

  it('is none where two demands contradict each other', () => {
    expect(plain(PUBLISHED, { publishedAt: { $null: true } })).toBeNull();
    expect(plain({ locale: 'en' }, { locale: 'de' })).toBeNull();
  });

  it('is none where an order is asked for', () => {
    expect(levels.plainOf(note, { where: PUBLISHED, filters: null, orderBy: 'title' }, 'rows')).toBeNull();
  });

  it('is none where the columns mean nothing to a type', () => {
    const type = modelWith({ hasStatus: false, hasLocale: false });
    expect(plain(PUBLISHED, undefined, 'rows', type)).toBeNull();
    expect(plain({ locale: 'en' }, undefined, 'rows', type)).toBeNull();
  });

  it.each<Kind>(['rows', 'count', 'part'])('of %s asks what the same conditions ask otherwise', (kind) => {
    const where = { ...PUBLISHED, locale: 'en' };
    const made = plain(where, undefined, kind);
    const usual = levels.of(note, { where, filters: undefined, orderBy: undefined }, kind);
    const { dims, members, attributes, counts, always } = questionOf(usual) ?? {};
    expect(made?.dims).toEqual(usual.dims);
    expect(made?.question).toMatchObject({ dims, members, attributes, counts, always });
  });

  it('of a populate that demands nothing asks nothing', () => {
    expect(plain({}, undefined, 'part')?.question).toBeNull();
  });
});
