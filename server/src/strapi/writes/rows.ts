import type { Attribute, Model } from '../schema';
import type { RowId, Status } from '../tags';

/** A row as the database driver returns it: by column names. */
export type RawRow = Readonly<Record<string, unknown>>;

export const idOf = (row: RawRow): RowId => row.id as RowId;

export const isId = (value: unknown): value is RowId =>
  typeof value === 'number' || typeof value === 'string';

export function statusOf(model: Model, row: RawRow): Status {
  if (!model.hasStatus) return '-';
  const published = row[model.attributes.publishedAt?.columnName ?? 'published_at'];
  return published === null || published === undefined ? 'd' : 'p';
}

/**
 * What a write sets, by column names, as `processData` of the entity manager takes it from its data
 * (`@strapi/database/dist/entity-manager/index.js`). Links that the row keeps in its own columns are among it.
 */
export function setColumns(model: Model, data: unknown): RawRow {
  const set: Record<string, unknown> = {};
  if (data === null || typeof data !== 'object') return set;
  const given = data as RawRow;
  for (const [name, attribute] of Object.entries(model.attributes)) {
    const { joinColumn, morphColumn, owner } = attribute;
    const value = given[name];
    if (attribute.type !== 'relation') {
      if (value !== undefined) set[attribute.columnName ?? name] = value;
    } else if (joinColumn && owner) {
      const link = value === undefined ? given[joinColumn.name] : value;
      if (link !== undefined)
        set[joinColumn.name] = isId(link) ? link : ((link as RawRow | null)?.id ?? link);
    } else if (morphColumn && owner && value !== undefined) {
      const { idColumn, typeColumn, typeField = '__type' } = morphColumn;
      set[idColumn.name] = (value as RawRow | null)?.id ?? null;
      set[typeColumn.name] = (value as RawRow | null)?.[typeField] ?? null;
    }
  }
  return set;
}

/** A row as a write makes it: what the data does not say is a constant default, or nothing. */
export function newRow(model: Model, data: unknown): RawRow {
  const row: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(model.attributes))
    if (attribute.type !== 'relation') row[attribute.columnName ?? name] = defaultOf(name, attribute);
  return { ...row, ...setColumns(model, data) };
}

/** A new `documentId` was never looked up; what another function makes is not known, and it stands for any value. */
const defaultOf = (name: string, { default: given }: Attribute): unknown =>
  name === 'documentId' && typeof given === 'function' ? null : (given ?? null);

/** The rows that a `where` names by their ids and by nothing else; null for any other. */
export function idsIn(where: unknown): RowId[] | null {
  if (where === null || typeof where !== 'object' || Array.isArray(where)) return null;
  const [[name, value] = [], ...more] = Object.entries(where);
  if (name !== 'id' || more.length > 0) return null;
  if (isId(value)) return [value];
  const { $eq, $in, ...others } = Object(value) as { $eq?: unknown; $in?: unknown };
  if (Object.keys(others).length > 0) return null;
  if (isId($eq) && $in === undefined) return [$eq];
  return $eq === undefined && Array.isArray($in) && $in.every(isId) ? $in : null;
}
