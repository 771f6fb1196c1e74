import { lookupValue } from '../lookups';
import { anyDims, type Attribute, type Model } from '../schema';
import {
  anyLinkOfTag,
  anyLookupTag,
  anyRowTag,
  attributeTag,
  dimOf,
  linkTag,
  lookupTag,
  memberTag,
  partialListTag,
  partialRowsTag,
  rowAttributeTag,
  rowExistsTag,
  rowMeaningTag,
  rowTag,
  shownTag,
  tableTag,
  typeTag,
  type Dim,
  type RowId,
} from '../tags';
import { isIgnored, isMeaningless } from './noise';
import { idOf, isId, statusOf, type RawRow } from './rows';

function dimsOf(model: Model, row: RawRow): Dim[] {
  const status = statusOf(model, row);
  if (!model.hasLocale) return [`${status}|-`];
  return [dimOf(status, String(row.locale)), `${status}|*`];
}

/** What a row that came purges: lists, and look-ups that did not find it. */
export const comingTags = (model: Model, row: RawRow): Generator<string> => presenceTags(model, row);

/**
 * What a row that left purges.
 * @param exact whether nobody can have changed the row between the look at it and its deletion
 */
export function* leavingTags(model: Model, row: RawRow, exact: boolean): Generator<string> {
  const id = idOf(row);
  yield rowTag(model.uid, id);
  yield rowExistsTag(model.uid, id);
  yield rowMeaningTag(model.uid, id);
  yield* presenceTags(model, row);
  // It may have been counted under another value. Whoever shows it under that learns of it from its own tag.
  if (!exact)
    for (const dim of dimsOf(model, row))
      for (const name of model.lookups) yield partialRowsTag(model.uid, dim, name);
}

function* presenceTags(model: Model, row: RawRow): Generator<string> {
  for (const dim of dimsOf(model, row)) {
    yield memberTag(model.uid, dim);
    yield anyRowTag(model.uid, dim);
    for (const name of model.lookups) yield* lookup(model, dim, name, row);
  }
  yield* ownLinkTags(model, row);
}

/**
 * What an update of a row purges whose former state is certain: nothing when it changes nothing that counts.
 * @param before the row as nobody else could change it before the update
 * @param set what the update sets, by column names
 */
export function* changeTags(model: Model, before: RawRow, set: RawRow): Generator<string> {
  const names = namesOf(model, changedColumns(model, before, set));
  if (names.length === 0) return;
  const after = { ...before, ...set };
  const moved = statusOf(model, before) !== statusOf(model, after) || changesLocale(model, names);
  yield* columnTags(model, idOf(before), names, dimsOf(model, after), moved);
  for (const dim of dimsOf(model, after))
    for (const name of names)
      if (model.lookups.has(name))
        yield* [...lookup(model, dim, name, before), ...lookup(model, dim, name, after)];
  if (names.some((name) => model.attributes[name]?.morphColumn))
    yield* [...ownLinkTags(model, before), ...ownLinkTags(model, after)];
}

/**
 * What an update of a row purges whose former state is not certain: every column that it sets counts as changed. Another
 * write may have given the row values between the look at it and the update that nobody knows of here: whoever found it
 * by one of these shows it, or a number or a window of what was found.
 * @param seen the row as it stood before the update, and after it
 */
export function* setTags(model: Model, id: RowId, seen: readonly RawRow[], set: RawRow): Generator<string> {
  const names = namesOf(model, Object.keys(set));
  if (names.length === 0) return;
  const dims = [...new Set(seen.flatMap((row) => dimsOf(model, row)))];
  yield* columnTags(model, id, names, dims, mayMove(model, names));
  const states = [...seen, ...seen.map((row) => ({ ...row, ...set }))];
  const lookups = names.filter((name) => model.lookups.has(name));
  const links = names.filter((name) => model.attributes[name]?.morphColumn);
  if (lookups.length === 0 && links.length === 0) return;
  for (const name of lookups) yield shownTag(model.uid, name, id);
  for (const name of links) yield shownTag(`${model.uid}.${name}`, 'row', id);
  for (const dim of dims)
    for (const name of lookups) {
      yield partialRowsTag(model.uid, dim, name);
      for (const row of states) yield* lookup(model, dim, name, row);
    }
  for (const name of links) yield partialListTag(`${model.uid}.${name}`, 'morph');
  if (links.length > 0) for (const row of states) yield* ownLinkTags(model, row);
}

/** What an update of a row purges of which nothing is known but the row and the columns that may have been set. */
export function* unseenTags(model: Model, id: RowId, columns: readonly string[]): Generator<string> {
  const names = namesOf(model, columns);
  if (names.length === 0) return;
  yield* columnTags(model, id, names, anyDims(model), mayMove(model, names));
  for (const name of names) {
    if (model.lookups.has(name)) for (const dim of anyDims(model)) yield anyLookupTag(model.uid, dim, name);
    if (model.attributes[name]?.morphColumn) yield tableTag(`${model.uid}.${name}`);
  }
}

/** Whether an update of these attributes may change the status or the locale of a row in place. */
const mayMove = (model: Model, names: readonly string[]): boolean =>
  (model.hasStatus && names.includes('publishedAt')) || changesLocale(model, names);

/** @param moved the row leaves one list and comes to another: it changes its status or its locale in place */
function* columnTags(
  model: Model,
  id: RowId,
  names: readonly string[],
  dims: readonly Dim[],
  moved: boolean,
): Generator<string> {
  const { uid } = model;
  if (moved || names.includes('documentId') || names.includes('id')) yield typeTag(uid);
  yield rowTag(uid, id);
  if (names.some((name) => !isMeaningless(uid, name))) yield rowMeaningTag(uid, id);
  for (const name of names) yield rowAttributeTag(uid, id, name);
  for (const dim of dims) {
    yield anyRowTag(uid, dim);
    for (const name of names) yield attributeTag(uid, dim, name);
  }
}

/** The columns that writing these values to a row changes, as far as that is certain; more rather than fewer. */
export const changedColumns = (model: Model, row: RawRow, set: RawRow): string[] =>
  Object.keys(set).filter((column) => !isSame(attributeAt(model, column), row[column], set[column]));

const changesLocale = (model: Model, names: readonly string[]): boolean =>
  model.hasLocale && names.includes('locale');

const namesOf = ({ uid, byColumn }: Model, columns: readonly string[]): string[] =>
  [...new Set(columns.map((column) => byColumn.get(column) ?? column))].filter(
    (name) => !isIgnored(uid, name),
  );

const attributeAt = (model: Model, column: string): Attribute | undefined =>
  model.attributes[model.byColumn.get(column) ?? column];

/**
 * Whether writing a value leaves a column as it is, for certain: what the database may write in another way than it is
 * given (dates, decimals, JSON) counts as a change.
 */
function isSame(attribute: Attribute | undefined, stored: unknown, written: unknown): boolean {
  if (attribute?.type === 'password') return false;
  if (stored === null || stored === undefined) return written === null;
  if (attribute?.type === 'boolean') return Boolean(stored) === written;
  return (typeof stored === 'string' || typeof stored === 'number') && stored === written;
}

function* lookup(model: Model, dim: Dim, name: string, row: RawRow): Generator<string> {
  const attribute = model.attributes[name];
  const given = attribute && row[attribute.columnName ?? name];
  if (!attribute || given === null || given === undefined) return;
  const value = lookupValue(attribute, given);
  yield value === null ? anyLookupTag(model.uid, dim, name) : lookupTag(model.uid, dim, name, value);
}

/** Links that a row keeps in its own columns: a morph pair is a member of the list that the other side shows. */
function* ownLinkTags(model: Model, row: RawRow): Generator<string> {
  for (const [name, attribute] of Object.entries(model.attributes)) {
    const { morphColumn } = attribute;
    if (!morphColumn) continue;
    const type = row[morphColumn.typeColumn.name];
    const id = row[morphColumn.idColumn.name];
    if (typeof type !== 'string' || !isId(id)) continue;
    yield linkTag(`${model.uid}.${name}`, 'morph', `${type}:${id}`, '-');
    yield anyLinkOfTag(type);
  }
}
