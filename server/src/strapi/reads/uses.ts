import type { ReadScope } from '../read-scope';
import { anyDims, type Model, type Schema } from '../schema';
import { anyLinkOfTag, anyRowTag, attributeTag, joinTag, type Dim, type Status } from '../tags';
import type { Uses } from './conditions';

/** Writes down what filters and sorts depend on: attributes in the dims of the read, and the joins they pass through. */
export function addUses(
  scope: ReadScope,
  schema: Schema,
  model: Model,
  uses: Uses,
  dims: readonly Dim[],
): void {
  if (uses.opaque) {
    for (const dim of dims) scope.add(anyRowTag(model.uid, dim));
    scope.add(anyLinkOfTag(model.uid));
  }
  for (const attribute of uses.attributes)
    for (const dim of dims) scope.add(attributeTag(model.uid, dim, attribute));
  addJoins(scope, schema, model, uses, dims);
}

/** Joins do not filter by status or locale, so beyond the first one every row of a type counts. */
function addJoins(scope: ReadScope, schema: Schema, model: Model, uses: Uses, dims: readonly Dim[]): void {
  const statuses = new Set(dims.map((dim) => dim[0] as Status));
  for (const [name, nested] of uses.joins) {
    const attribute = model.attributes[name];
    if (!attribute?.target) continue;
    const link = schema.link(model, name);
    if (link) {
      scope.touchTable(link.table);
      for (const status of statuses) scope.add(joinTag(link.table, link.side, status));
    } else for (const dim of dims) scope.add(attributeTag(model.uid, dim, name));
    const target = schema.model(attribute.target);
    scope.touch(target);
    // `localizations` and its like join by a column of the target: any of its rows may take part
    if (!link && !attribute.owner) for (const dim of anyDims(target)) scope.add(anyRowTag(target.uid, dim));
    addUses(scope, schema, target, nested, anyDims(target));
  }
}
