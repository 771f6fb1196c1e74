import type { Model } from '../schema';
import {
  anyLinkOfTag,
  anyRowTag,
  attributeTag,
  linkTag,
  lookupTag,
  memberTag,
  rowAttributeTag,
  rowExistsTag,
  rowMeaningTag,
  rowTag,
  typeTag,
  type Dim,
  type RowId,
  type Status,
} from '../tags';
import { lookupValue } from '../lookup-values';
import type { RawRow } from '../conditions-on-row';
import type { Change, Purged } from '../questions';
import { isIgnored, isMeaningless } from './noise';

export type { RawRow };

/** Says which open questions a change leaves alone (`questions.ts`). */
export type Judge = (tag: string, change: Change) => Purged;

export const idOf = (row: RawRow): RowId => row.id as RowId;

export function statusOf(model: Model, row: RawRow): Status {
  if (!model.hasStatus) return '-';
  const published = row[model.attributes.publishedAt?.columnName ?? 'published_at'];
  return published === null || published === undefined ? 'd' : 'p';
}

function dimsOf(model: Model, row: RawRow): Dim[] {
  const status = statusOf(model, row);
  if (!model.hasLocale) return [`${status}|-`];
  return [`${status}|${String(row.locale)}`, `${status}|*`];
}

/** A row that came, or one that left. */
export const came = (row: RawRow): Change => ({ before: null, after: row, attribute: null });
export const left = (row: RawRow): Change => ({ before: row, after: null, attribute: null });

/** What a row that came or left purges. */
export function* presenceTags(model: Model, change: Change, judge: Judge): Generator<Purged> {
  const row = change.after ?? change.before;
  if (row === null) return;
  const id = idOf(row);
  yield rowTag(model.uid, id);
  yield rowExistsTag(model.uid, id);
  yield rowMeaningTag(model.uid, id);
  for (const column of Object.keys(row))
    yield rowAttributeTag(model.uid, id, model.byColumn.get(column) ?? column);
  for (const dim of dimsOf(model, row)) {
    yield judge(memberTag(model.uid, dim), change);
    yield anyRowTag(model.uid, dim);
    for (const name of model.lookups) yield* lookup(model, dim, name, row);
  }
  yield* ownLinkTags(model, row);
}

/** What the change from one row to another purges; nothing when nothing that counts has changed. */
export function* changeTags(model: Model, before: RawRow, after: RawRow, judge: Judge): Generator<Purged> {
  const changed = Object.keys(after)
    .filter((column) => !same(before[column], after[column]))
    .map((column) => model.byColumn.get(column) ?? column)
    .filter((name) => !isIgnored(model.uid, name));
  if (changed.length === 0) return;
  const id = idOf(after);
  // A row that changes its status or its locale in place leaves one list and comes to another.
  if (
    (model.hasStatus &&
      changed.includes('publishedAt') &&
      statusOf(model, before) !== statusOf(model, after)) ||
    (model.hasLocale && changed.includes('locale'))
  )
    yield typeTag(model.uid);
  yield rowTag(model.uid, id);
  if (changed.some((name) => !isMeaningless(model.uid, name))) yield rowMeaningTag(model.uid, id);
  for (const name of changed) yield rowAttributeTag(model.uid, id, name);
  for (const dim of dimsOf(model, after)) {
    yield anyRowTag(model.uid, dim);
    for (const name of changed) {
      yield judge(attributeTag(model.uid, dim, name), { before, after, attribute: name });
      if (model.lookups.has(name))
        yield* [...lookup(model, dim, name, before), ...lookup(model, dim, name, after)];
    }
  }
  if (changed.some((name) => model.attributes[name]?.morphColumn))
    yield* [...ownLinkTags(model, before), ...ownLinkTags(model, after)];
}

function* lookup(model: Model, dim: Dim, name: string, row: RawRow): Generator<string> {
  const attribute = model.attributes[name];
  const value = attribute && lookupValue(attribute, row[attribute.columnName ?? name]);
  if (typeof value === 'string') yield lookupTag(model.uid, dim, name, value);
}

/** Links that a row keeps in its own columns: a morph pair is a member of the list that the other side shows. */
function* ownLinkTags(model: Model, row: RawRow): Generator<string> {
  for (const [name, attribute] of Object.entries(model.attributes)) {
    const { morphColumn } = attribute;
    if (!morphColumn) continue;
    const type = row[morphColumn.typeColumn.name];
    const id = row[morphColumn.idColumn.name];
    if (typeof type !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) continue;
    yield linkTag(`${model.uid}.${name}`, 'morph', `${type}:${id}`, '-');
    yield anyLinkOfTag(type);
  }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
