import type { Model } from '../schema';
import { isIgnored } from './noise';
import type { RawRow } from './row-tags';

/** Whether data holds relations that are kept in columns of the row itself. */
export const keepsLinks = (model: Model, data: RawRow): boolean =>
  Object.keys(data).some((name) => {
    const attribute = model.attributes[name];
    return attribute?.type === 'relation' && Boolean(attribute.morphColumn ?? attribute.joinColumn);
  });

/** A row as a write makes it, without its id: what the data does not say is a default, or nothing. */
export function newRow(model: Model, data: RawRow): RawRow {
  const columns = Object.entries(model.attributes).filter(([, it]) => it.type !== 'relation');
  const unsaid = columns.map(([name, it]): [string, unknown] => {
    const value: unknown = typeof it.default === 'function' ? (it.default as () => unknown)() : it.default;
    return [it.columnName ?? name, value ?? null];
  });
  return { ...Object.fromEntries(unsaid), ...rowOf(model, data) };
}

/** Data of a write by column names. */
export function rowOf(model: Model, data: RawRow): RawRow {
  const columns = Object.entries(data).flatMap(([name, value]) => {
    const attribute = model.attributes[name];
    return attribute && attribute.type !== 'relation' ? [[attribute.columnName ?? name, value]] : [];
  });
  return Object.fromEntries(columns) as RawRow;
}

/** Authentication notes when a token was last used: that is no reason to call the request a writing one. */
export function isNoise(uid: string, data: unknown): boolean {
  const names = data !== null && typeof data === 'object' && !Array.isArray(data) ? Object.keys(data) : [];
  return names.length > 0 && names.every((name) => isIgnored(uid, name));
}
