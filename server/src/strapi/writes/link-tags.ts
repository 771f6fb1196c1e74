import { PERMISSION } from '../access-types';
import { endsOf, type JoinTableInfo, type Schema } from '../schema';
import {
  anyLinkOfTag,
  anyLinkTag,
  joinTag,
  linkTag,
  partialListTag,
  tableTag,
  typeTag,
  type RowId,
  type Status,
} from '../tags';
import type { RawRow } from './rows';

/** A row of a join table, by the table's own column names. */
export interface LinkRow {
  readonly table: JoinTableInfo;
  readonly row: RawRow;
}

/** What is known of one of the two rows that a link connects. */
export interface ActingRow {
  readonly uid: string;
  readonly id: RowId | null;
  readonly status: Status | null;
  /** The row itself comes or goes: who lists rows of its type learns it from that. */
  readonly passing: boolean;
}

/** What a link that came, left or moved purges: the lists of both its ends, and what passes through them. */
export function* linkRowTags(
  schema: Schema,
  { table, row }: LinkRow,
  acting: ActingRow | null,
): Generator<string> {
  yield anyLinkTag(table.name);
  for (const uid of endsOf(table)) yield anyLinkOfTag(uid);
  const ownerId = row[table.owner.column] as RowId;
  const ownerIsActing = isActing(acting, [table.owner.uid], ownerId);
  const ownerStatuses = statuses(schema, [table.owner.uid], ownerIsActing ? acting : null);
  if (!(ownerIsActing && acting?.passing))
    for (const status of ownerStatuses) yield joinTag(table.name, table.owner.column, status);

  if (table.morph && typeof row[table.morph.type] === 'string') {
    const type = String(row[table.morph.type]);
    const id = row[table.morph.id] as RowId;
    yield linkTag(table.name, table.owner.column, ownerId, '-');
    yield linkTag(table.name, 'morph', `${type}:${id}`, '-');
    yield anyLinkOfTag(type);
    if (schema.has(type) && !(isActing(acting, [type], id) && acting?.passing))
      for (const status of schema.model(type).statuses) yield joinTag(table.name, 'morph', status);
    return;
  }
  if (!table.far) return;
  const farId = row[table.far.column] as RowId;
  const farIsActing = isActing(acting, table.far.uids, farId);
  const farStatuses = statuses(schema, table.far.uids, farIsActing ? acting : null);
  for (const status of farStatuses) {
    yield linkTag(table.name, table.owner.column, ownerId, status);
    if (!(farIsActing && acting?.passing)) yield joinTag(table.name, table.far.column, status);
  }
  for (const status of ownerStatuses) yield linkTag(table.name, table.far.column, farId, status);
}

/** The same for links of several rows, each of which may be one that is known. */
export function* linkRowsTags(
  schema: Schema,
  links: readonly LinkRow[],
  rows: readonly ActingRow[],
): Generator<string> {
  const known = new Map(rows.map((row) => [`${row.uid}:${String(row.id)}`, row]));
  for (const link of links) {
    const { owner, far, morph } = link.table;
    const ends = [
      `${owner.uid}:${String(link.row[owner.column])}`,
      ...(far ? far.uids.map((uid) => `${uid}:${String(link.row[far.column])}`) : []),
      ...(morph ? [`${String(link.row[morph.type])}:${String(link.row[morph.id])}`] : []),
    ];
    const acting = ends.map((end) => known.get(end)).find((it) => it !== undefined);
    yield* linkRowTags(schema, link, acting ?? null);
  }
}

/** In a self relation the acting row may stand at either end, so its id is compared as well. */
function isActing(acting: ActingRow | null, uids: readonly string[], id: RowId): boolean {
  return (
    acting !== null && acting.id !== null && uids.includes(acting.uid) && String(acting.id) === String(id)
  );
}

function statuses(schema: Schema, uids: readonly string[], acting: ActingRow | null): readonly Status[] {
  if (acting?.status) return [acting.status];
  if (uids.length === 0) return ['-'];
  return [...new Set(uids.flatMap((uid) => schema.model(uid).statuses))];
}

/** What a write to a join table purges of which nothing more is known. */
export const tableTags = (table: JoinTableInfo): string[] => {
  const ends = endsOf(table);
  return [
    tableTag(table.name),
    anyLinkTag(table.name),
    ...ends.map(anyLinkOfTag),
    ...(ends.includes(PERMISSION) ? [typeTag(PERMISSION)] : []),
  ];
};

/** The side of a join table that a column is not. */
const farSide = ({ owner, far, morph }: JoinTableInfo, column: string): string =>
  column !== owner.column ? owner.column : morph ? 'morph' : (far?.column ?? '');

/**
 * What links of a row purge that came and went with it unseen: who shows a number of links or filters through them.
 * Whoever shows the row itself learns of it from the row's own tag.
 */
export function unseenLinkTags({ table, column }: { table: JoinTableInfo; column: string }): string[] {
  const side = farSide(table, column);
  const joins = (['p', 'd', '-'] as const).map((status) => joinTag(table.name, side, status));
  return [partialListTag(table.name, side), ...joins];
}
