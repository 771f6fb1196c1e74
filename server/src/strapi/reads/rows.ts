import type { ReadScope } from '../read-scope';
import { anyDims, type Model, type Schema } from '../schema';
import {
  anyRowTag,
  partialListTag,
  rowAttributeTag,
  rowExistsTag,
  rowMeaningTag,
  shownTag,
  type Dim,
  type RowId,
} from '../tags';
import type { Levels } from './levels';
import type { ReadModels } from './relations';

export interface PopulateParams {
  readonly select?: unknown;
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly populate?: unknown;
  readonly filters?: unknown;
  readonly count?: unknown;
  readonly limit?: unknown;
  readonly offset?: unknown;
  readonly on?: Readonly<Record<string, PopulateParams | true>>;
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => value !== null && typeof value === 'object';
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : [value]).filter(isRow);
const idOf = (row: Row): RowId | null =>
  typeof row.id === 'number' || typeof row.id === 'string' ? row.id : null;

/** The status filter of a query is inherited by everything populated below it (populate/apply.js, getPopulateValue). */
const filtersOf = (params: PopulateParams, inherited: unknown): unknown =>
  'filters' in params ? params.filters : inherited;

/** What is known of types and of what is asked of them, from one read to the next. */
export interface ReadTools {
  readonly models: ReadModels;
  readonly levels: Levels;
}

/** Notes the rows of a result and, level by level, what was populated into them. */
export class RowNotes {
  constructor(
    private readonly schema: Schema,
    private readonly scope: ReadScope,
    private readonly tools: ReadTools,
  ) {}

  note(model: Model, result: unknown, params: PopulateParams): void {
    this.noteLevel(model, rowsOf(result), params, params.filters);
  }

  /** Rows that were looked up by the value of an attribute. */
  noteFound(model: Model, result: unknown, attribute: string): void {
    for (const row of rowsOf(result)) {
      const id = idOf(row);
      if (id !== null) this.scope.add(shownTag(model.uid, attribute, id));
    }
  }

  private noteLevel(model: Model, rows: readonly Row[], params: PopulateParams, filters: unknown): void {
    this.scope.touch(model);
    for (const row of rows) this.noteRow(model, row, params.select);
    eachPopulated(model, params.populate, (name, value) =>
      this.noteRelation(model, rows, name, value, filters),
    );
  }

  private noteRow(model: Model, row: Row, select: unknown): void {
    const { scope } = this;
    const id = idOf(row);
    if (id === null) return anyDims(model).forEach((dim) => scope.add(anyRowTag(model.uid, dim)));
    scope.document(model.uid, id, row.documentId);
    if (scope.authenticating) return scope.add(rowMeaningTag(model.uid, id));
    const columns = typeof select === 'string' ? [select] : select;
    if (!Array.isArray(columns) || columns.includes('*'))
      return scope.addShared(this.tools.models.of(model).rowTags.of(id));
    scope.add(rowExistsTag(model.uid, id));
    for (const column of columns) {
      if (column === 'id') continue; // never changes
      scope.add(rowAttributeTag(model.uid, id, model.byColumn.get(String(column)) ?? String(column)));
    }
  }

  private noteRelation(
    model: Model,
    rows: readonly Row[],
    name: string,
    params: PopulateParams,
    inherited: unknown,
  ): void {
    const { scope } = this;
    const relation = this.tools.models.of(model).relation(name);
    if (!relation) return;
    const { target, table, side, typeField } = relation;
    const given = filtersOf(params, inherited);
    const dims = target ? this.noteTargetQuery(target, params, given) : [];
    if (table !== null && rows.length > 0) scope.touchTable(table);
    if (table !== null && isPartialList(params)) scope.add(partialListTag(table, side));
    for (const row of rows) {
      const id = idOf(row);
      if (id === null) continue;
      for (const tag of relation.linkTags(id, row.documentId, dims)) scope.addShared(tag);
    }
    const children = new Map<string, Row[]>();
    for (const row of rows) {
      for (const child of rowsOf(row[name])) {
        const type = target ? target.uid : String(child[typeField] ?? '');
        // a morph relation that is asked for a count shows its rows all the same (populate/apply.js, morphX)
        if ((params.count === true && idOf(child) === null) || !this.schema.has(type)) continue;
        const childId = idOf(child);
        const shown = childId === null ? null : relation.childTag(childId, params.select !== undefined);
        if (shown !== null) scope.addShared(shown);
        const known = children.get(type);
        if (known) known.push(child);
        else children.set(type, [child]);
      }
    }
    for (const [type, found] of children) {
      const own = params.on?.[type] ?? params;
      const asked = own === true ? {} : own;
      this.noteLevel(this.schema.model(type), found, asked, filtersOf(asked, given));
    }
  }

  /**
   * What a populate selects and orders its target rows by.
   * @returns where they are looked for
   */
  private noteTargetQuery(
    target: Model,
    { where, orderBy }: PopulateParams,
    filters: unknown,
  ): readonly Dim[] {
    const { levels } = this.tools;
    this.scope.touch(target);
    const asked = { where, filters: resolveFilters(filters, target), orderBy };
    const plain = levels.addPlain(this.scope, target, asked, false);
    if (plain) return plain;
    const level = levels.of(target, asked, false);
    levels.add(this.scope, level);
    return level.dims;
  }
}

/** Whether a populated list tells of rows that it does not show. */
const isPartialList = ({ count, limit, offset }: PopulateParams): boolean =>
  count === true || limit !== undefined || offset !== undefined;

/** `filters` is a function of the model that is being read (convert-query-params.js, convertStatusParams). */
export function resolveFilters(filters: unknown, model: Model): unknown {
  if (typeof filters !== 'function') return filters;
  return (filters as (context: { meta: unknown }) => unknown)({ meta: model.meta });
}

/** The relations that a populate names, in all its notations (populate/process.js). */
function eachPopulated(
  model: Model,
  populate: unknown,
  visit: (name: string, params: PopulateParams) => void,
): void {
  if (!populate) return;
  const isRelation = (name: string): boolean => model.attributes[name]?.type === 'relation';
  if (populate === true) {
    for (const name of Object.keys(model.attributes)) if (isRelation(name)) visit(name, {});
  } else if (Array.isArray(populate)) {
    const nested = new Map<string, string[]>();
    for (const path of populate.map(String)) {
      const [name = '', ...rest] = path.split('.');
      nested.set(name, [...(nested.get(name) ?? []), ...(rest.length ? [rest.join('.')] : [])]);
    }
    for (const [name, paths] of nested)
      if (isRelation(name)) visit(name, paths.length ? { populate: paths } : {});
  } else if (typeof populate === 'object') {
    for (const [name, value] of Object.entries(populate))
      if (isRelation(name) && value) visit(name, typeof value === 'object' ? (value as PopulateParams) : {});
  }
}
