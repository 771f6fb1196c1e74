import type { Attribute, Model } from '../schema';
import type { RowId } from '../tags';
import { isId } from './rows';

/**
 * The relations in the data of a step, without those that it leaves as they are.
 * @param isNew the row has no links yet
 */
export const writtenRelations = (
  model: Model,
  data: unknown,
  isNew: boolean,
): [name: string, value: unknown][] =>
  Object.entries((data ?? {}) as Record<string, unknown>).filter(([name, value]) => {
    const attribute = model.attributes[name];
    if (attribute?.type !== 'relation') return false;
    return (!isNew && isKeptElsewhere(attribute)) || (value !== undefined && !isEmptyChange(value));
  });

/**
 * Links that only the other rows tell of, or a table that they own: an update that names such a relation and no row
 * takes all of its links away, whatever else it says (entity-manager/index.js, `updateRelations`).
 */
const isKeptElsewhere = ({ relation, joinColumn, owner }: Attribute): boolean =>
  /^morph(?:One|Many)$/.test(relation ?? '') || (joinColumn !== undefined && !owner);

interface RelationData {
  readonly id?: unknown;
  readonly set?: unknown;
  readonly connect?: unknown;
  readonly disconnect?: unknown;
}

const partsOf = (value: unknown): RelationData | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;

/** `connect` and `disconnect` alone: every link that changes is mentioned. */
export function isPartial(value: unknown): boolean {
  const parts = partsOf(value);
  return parts !== null && parts.set === undefined && parts.id === undefined;
}

/** The admin panel sends `{ connect: [], disconnect: [] }` for relations that nobody touched. */
function isEmptyChange(value: unknown): boolean {
  const parts = partsOf(value);
  if (!parts || !isPartial(value) || (parts.connect === undefined && parts.disconnect === undefined))
    return false;
  const isEmpty = (list: unknown): boolean =>
    list === undefined || (Array.isArray(list) && list.length === 0);
  return isEmpty(parts.connect) && isEmpty(parts.disconnect);
}

/** A row that relation data speaks of. */
export interface LinkEnd {
  readonly id: RowId;
  readonly type: string | null;
}

/**
 * The rows that relation data speaks of, in all its notations.
 * @param typeField the field that names the type of a row, where any may stand
 */
export function mentionedEnds(value: unknown, typeField = '__type'): LinkEnd[] {
  if (isId(value)) return [{ id: value, type: null }];
  if (Array.isArray(value)) return value.flatMap((it) => mentionedEnds(it, typeField));
  const parts = partsOf(value);
  if (!parts) return [];
  const type = (parts as Record<string, unknown>)[typeField];
  const own = isId(parts.id) ? [{ id: parts.id, type: typeof type === 'string' ? type : null }] : [];
  const others = [parts.set, parts.connect, parts.disconnect];
  return [...own, ...others.flatMap((it) => mentionedEnds(it, typeField))];
}
