import { describe, expect, it } from 'vitest';
import { describeModel, type Model } from '../../../server/src/strapi/model';
import { ReadScope } from '../../../server/src/strapi/read-scope';
import { Levels } from '../../../server/src/strapi/reads/levels';
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

/** The tags of a plain level; null for one that is not plain. */
function plain(where: unknown, filters: unknown = undefined, members = true, model = note): string[] | null {
  const scope = new ReadScope();
  const dims = levels.addPlain(scope, model, { where, filters, orderBy: undefined }, members);
  return dims && scope.tags();
}

describe('a plain level', () => {
  it('has the same tags however its status and locale are written', () => {
    const first = plain({ ...PUBLISHED, locale: 'en' });
    expect(first).toEqual([`m|${UID}|p|en`, `a|${UID}|p|en|publishedAt`, `a|${UID}|p|en|locale`]);
    expect(plain({ locale: { $eq: 'en' } }, { publishedAt: { $null: false } })).toEqual(first);
  });

  it.each<[string, unknown, boolean]>([
    ['another locale', { ...PUBLISHED, locale: 'de' }, true],
    ['no locale', PUBLISHED, true],
    ['a locale without a name', { ...PUBLISHED, locale: '' }, true],
    ['the other status', { publishedAt: { $null: true }, locale: 'en' }, true],
    ['no status', { locale: 'en' }, true],
    ['a populate', { ...PUBLISHED, locale: 'en' }, false],
  ])('has other tags for %s', (_what, where, members) => {
    const other = plain(where, undefined, members);
    expect(other).not.toBeNull();
    expect(other).not.toEqual(plain({ ...PUBLISHED, locale: 'en' }));
  });

  it('of every locale is not that of a locale without a name', () => {
    const any = plain({ publishedAt: { $null: true } });
    expect(plain({ publishedAt: { $null: true }, locale: '' })).not.toEqual(any);
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
    const asked = { where: PUBLISHED, filters: null, orderBy: 'title' };
    expect(levels.addPlain(new ReadScope(), note, asked, true)).toBeNull();
  });

  it('is none where the columns mean nothing to a type', () => {
    const type = modelWith({ hasStatus: false, hasLocale: false });
    expect(plain(PUBLISHED, undefined, true, type)).toBeNull();
    expect(plain({ locale: 'en' }, undefined, true, type)).toBeNull();
  });

  it.each([true, false])('asks what the same conditions ask otherwise (lists rows: %s)', (members) => {
    const where = { ...PUBLISHED, locale: 'en' };
    const scope = new ReadScope();
    levels.add(scope, levels.of(note, { where, filters: undefined, orderBy: undefined }, members));
    expect(plain(where, undefined, members)).toEqual(scope.tags());
  });

  it('of a populate that demands nothing has no tags', () => {
    expect(plain({}, undefined, false)).toEqual([]);
  });
});
