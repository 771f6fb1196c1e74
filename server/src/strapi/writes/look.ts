import type { QueryParams, WriteAction } from '../orm';
import type { Model } from '../schema';
import { changedColumns } from './row-tags';
import { idOf, idsIn, newRow, setColumns, statusOf, type RawRow } from './rows';
import type { StoredRows } from './stored-rows';
import { WriteContext } from './write-context';

/** Bulk writes of more rows than this drop the whole type. */
export const MAX_ROWS = 500;

/** A write, with the look that it takes behind the hooks of the application, when its `params` are final. */
export function contextOf(
  stored: StoredRows,
  action: WriteAction,
  model: Model,
  params: QueryParams,
): WriteContext {
  const hook = `before${action[0]?.toUpperCase()}${action.slice(1)}`;
  const look = action.endsWith('Many') ? lookAtMany : lookAtOne;
  return new WriteContext(model, hook, !action.startsWith('update'), async (write) => {
    if (!action.startsWith('create')) return look(stored, action, write, params);
    const data = action === 'create' ? [params.data] : (params.data as unknown[]);
    write.rows = data.map((it) => newRow(model, it));
    write.status = write.rows[0] ? statusOf(model, write.rows[0]) : null;
  });
}

type Look = (
  stored: StoredRows,
  action: WriteAction,
  write: WriteContext,
  params: QueryParams,
) => Promise<void>;

const lookAtOne: Look = async (stored, _action, write, params) => {
  const { model, passing } = write;
  if (!passing) write.set = setColumns(model, params.data);
  const strength = passing ? 'remove' : Object.keys(write.set).length > 0 ? 'change' : null;
  const found = await stored.look(model, params.where, strength);
  if (!found) return;
  write.rows = [found.row];
  write.exact = found.exact;
  write.status = found.exact ? statusOf(model, found.row) : null;
  // a row that is locked for its removal gets no new links
  if (passing) write.links = await stored.links(stored.questionsOf(model.uid, [idOf(found.row)]));
};

const lookAtMany: Look = async (stored, action, write, params) => {
  const { model } = write;
  const { where, filters, _q } = params;
  if (action === 'updateMany') write.set = setColumns(model, params.data);
  const ids = filters === undefined && _q === undefined ? idsIn(where) : null;
  if (ids === null) {
    // the rows of a deletion cannot be looked at again to find out whether these were the ones
    if (action !== 'updateMany') return;
    write.rows = (await stored.matching(model, where, MAX_ROWS)) ?? [];
    write.isGuess = true;
    return;
  }
  if (ids.length > MAX_ROWS) return;
  const rows = await stored.byIds(model, ids);
  if (rows.length < new Set(ids.map(String)).size) return;
  write.rows = rows;
  if (action === 'deleteMany') write.links = await stored.links(stored.questionsOf(model.uid, ids));
};

/**
 * Whether an update of many has changed the rows that were looked at before it, and no others: as many as it says, and
 * all of them have what it sets. Two updates of the same rows to the same values, with a third write between them that
 * brings another row, are not told apart.
 */
export function areTheRows(
  { model, rows, set }: WriteContext,
  after: readonly RawRow[],
  count: number,
): boolean {
  if (count !== rows.length || after.length !== rows.length) return false;
  return after.every((row) => changedColumns(model, row, set).length === 0);
}
