import { plainTags, type Question, type Questions } from '../questions';
import type { ReadScope } from '../read-scope';
import { anyDims, type Model, type Schema } from '../schema';
import { anyLinkOfTag, anyRowTag, joinTag, type Dim, type Status } from '../tags';
import { useAlways, type Uses } from './conditions';

/** What is needed to write down what a read uses. */
export interface UsesContext {
  readonly scope: ReadScope;
  readonly schema: Schema;
  /** Null where plain tags must do. */
  readonly questions: Questions | null;
}

/** How one level of a read is asked. */
export interface Level {
  readonly model: Model;
  readonly uses: Uses;
  readonly dims: readonly Dim[];
  /** What every row found meets; null where that is not known. */
  readonly wheres?: readonly unknown[] | null;
  /** Rows coming and going count. */
  readonly members?: boolean;
  /** The answer is the number of rows that meet `wheres`, and nothing else. */
  readonly counts?: boolean;
  /** What its columns are asked, where that was put together before; null for nothing. */
  readonly question?: Question | null;
}

/** Writes down what filters and sorts depend on: attributes in the dims of the read, and the joins they pass through. */
export function addUses(context: UsesContext, level: Level): void {
  const { scope } = context;
  const { model, uses, dims } = level;
  if (uses.opaque) {
    for (const dim of dims) scope.add(anyRowTag(model.uid, dim));
    scope.add(anyLinkOfTag(model.uid));
  }
  // a link that is a column of the row itself
  for (const [name] of uses.joins)
    if (!context.schema.link(model, name) && model.attributes[name]?.target) useAlways(uses, name);
  addColumns(context, level);
  addJoins(context, level);
}

/** What the columns of a level are asked; null for nothing. */
export function questionOf(level: Level): Question | null {
  const { model, uses, dims, wheres = null, members = false, counts = false } = level;
  const { atoms, always, opaque } = uses;
  const attributes = [...uses.attributes];
  const coming = members && !opaque;
  if (!coming && attributes.length === 0) return null;
  return { model, dims, members: coming, attributes, wheres, atoms, always, counts };
}

function addColumns({ scope, questions }: UsesContext, level: Level): void {
  const question = level.question === undefined ? questionOf(level) : level.question;
  if (question === null) return;
  const tag = level.uses.opaque ? null : (questions?.ask(question, scope) ?? null);
  if (tag === null) plainTags(question).forEach((it) => scope.add(it));
  else scope.addShared(tag);
}

/** Joins do not filter by status or locale, so beyond the first one every row of a type counts. */
function addJoins(context: UsesContext, { model, uses, dims }: Level): void {
  if (uses.joins.size === 0) return;
  const { scope, schema } = context;
  const statuses = new Set(dims.map((dim) => dim[0] as Status));
  for (const [name, nested] of uses.joins) {
    const attribute = model.attributes[name];
    if (!attribute?.target) continue;
    const link = schema.link(model, name);
    if (link) {
      scope.touchTable(link.table);
      for (const status of statuses) scope.add(joinTag(link.table, link.side, status));
    }
    const target = schema.model(attribute.target);
    scope.touch(target);
    // `localizations` and its like join by a column of the target: any of its rows may take part
    if (!link && !attribute.owner) for (const dim of anyDims(target)) scope.add(anyRowTag(target.uid, dim));
    addUses(context, { model: target, uses: nested, dims: anyDims(target) });
  }
}
