import type { ReadScope } from '../read-scope';
import type { Model, Schema } from '../schema';
import {
  linkTag,
  lookupTag,
  rowAttributeTag,
  rowExistsTag,
  rowMeaningTag,
  rowTag,
  anyRowTag,
  type Dim,
  type RowId,
  type Status,
} from '../tags';
import { anyDims } from '../schema';
import { dimsOf, noUses, walkOrder, walkWhere } from './conditions';
import { addUses, type UsesContext } from './uses';

export interface PopulateParams {
  readonly select?: unknown;
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly populate?: unknown;
  readonly filters?: unknown;
  readonly count?: unknown;
  readonly on?: Readonly<Record<string, PopulateParams | true>>;
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => value !== null && typeof value === 'object';
const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : [value]).filter(isRow);
const idOf = (row: Row): RowId | null =>
  typeof row.id === 'number' || typeof row.id === 'string' ? row.id : null;

/** Notes the rows of a result and, level by level, what was populated into them. */
export class RowNotes {
  private readonly schema: Schema;
  private readonly scope: ReadScope;

  constructor(private readonly context: UsesContext) {
    this.schema = context.schema;
    this.scope = context.scope;
  }

  note(model: Model, result: unknown, params: PopulateParams): void {
    const rows = rowsOf(result);
    this.scope.touch(model);
    for (const row of rows) this.noteRow(model, row, params.select);
    for (const [name, value] of populated(model, params.populate))
      this.noteRelation(model, rows, name, value, params);
  }

  private noteRow(model: Model, row: Row, select: unknown): void {
    const id = idOf(row);
    if (id === null) return anyDims(model).forEach((dim) => this.scope.add(anyRowTag(model.uid, dim)));
    const { documentId } = row;
    this.scope.documents.set(`${model.uid}|${id}`, typeof documentId === 'string' ? documentId : null);
    if (this.scope.authenticating) return this.scope.add(rowMeaningTag(model.uid, id));
    const columns = typeof select === 'string' ? [select] : select;
    if (!Array.isArray(columns) || columns.includes('*')) return this.scope.add(rowTag(model.uid, id));
    this.scope.add(rowExistsTag(model.uid, id));
    for (const column of columns) {
      if (column === 'id') continue; // never changes
      this.scope.add(rowAttributeTag(model.uid, id, model.byColumn.get(String(column)) ?? String(column)));
    }
  }

  private noteRelation(
    model: Model,
    rows: readonly Row[],
    name: string,
    value: PopulateParams,
    outer: PopulateParams,
  ): void {
    const attribute = model.attributes[name];
    if (!attribute) return;
    // The status filter of a query is inherited by everything populated below it (populate/apply.js, getPopulateValue).
    const params: PopulateParams = { filters: outer.filters, ...value };
    const target =
      attribute.target && this.schema.has(attribute.target) ? this.schema.model(attribute.target) : null;
    const filters = target ? resolveFilters(params.filters, target) : undefined;
    const dims = target ? dimsOf(target, [params.where, filters]) : [];
    this.noteLinks(model, rows, name, target, dims);
    if (target) this.noteTargetQuery(target, params, filters, dims);
    const typeField = (attribute.morphColumn ?? attribute.joinTable?.morphColumn)?.typeField ?? '__type';
    const children = new Map<string, Row[]>();
    for (const row of rows) {
      for (const child of rowsOf(row[name])) {
        const type = target ? target.uid : String(child[typeField] ?? '');
        // a morph relation that is asked for a count shows its rows all the same (populate/apply.js, morphX)
        if ((params.count === true && idOf(child) === null) || !this.schema.has(type)) continue;
        const known = children.get(type);
        if (known) known.push(child);
        else children.set(type, [child]);
      }
    }
    for (const [type, found] of children) {
      const own = params.on?.[type];
      this.note(this.schema.model(type), found, {
        filters: params.filters,
        ...(own === true ? {} : (own ?? params)),
      });
    }
  }

  /** What a populate selects and orders its target rows by. */
  private noteTargetQuery(
    target: Model,
    params: PopulateParams,
    filters: unknown,
    dims: readonly Dim[],
  ): void {
    const modelOf = (uid: string): Model => this.schema.model(uid);
    const uses = noUses();
    walkWhere(params.where, target, modelOf, uses);
    walkWhere(filters, target, modelOf, uses);
    walkOrder(params.orderBy, target, modelOf, uses);
    this.scope.touch(target);
    const wheres = [params.where, filters].filter((it) => it !== undefined && it !== null);
    addUses(this.context, { model: target, uses, dims, wheres });
  }

  private noteLinks(
    model: Model,
    rows: readonly Row[],
    name: string,
    target: Model | null,
    dims: readonly Dim[],
  ): void {
    const attribute = model.attributes[name];
    const link = this.schema.link(model, name);
    // the status of the rows that a populate may show is that of the far end of its links
    const statuses: readonly Status[] = target ? [...new Set(dims.map((dim) => dim[0] as Status))] : ['-'];
    for (const row of rows) {
      const id = idOf(row);
      if (id === null) continue;
      if (link) {
        this.scope.touchTable(link.table);
        const own = link.side === 'morph' ? `${model.uid}:${id}` : id;
        for (const status of link.side === 'morph' || !target ? (['-'] as const) : statuses)
          this.scope.add(linkTag(link.table, link.side, own, status));
      } else if (attribute?.joinColumn && !attribute.owner && target && typeof row.documentId === 'string') {
        for (const dim of anyDims(target))
          this.scope.add(lookupTag(target.uid, dim, 'documentId', row.documentId.toLowerCase()));
      } else this.scope.add(rowAttributeTag(model.uid, id, name)); // the link is a column of the row itself
    }
  }
}

/** `filters` is a function of the model that is being read (convert-query-params.js, convertStatusParams). */
export function resolveFilters(filters: unknown, model: Model): unknown {
  if (typeof filters !== 'function') return filters;
  return (filters as (context: { meta: unknown }) => unknown)({ meta: model.meta });
}

/** The attributes that a populate names, in all its notations (populate/process.js). */
function* populated(
  model: Model,
  populate: unknown,
): Generator<readonly [name: string, params: PopulateParams]> {
  if (!populate) return;
  const isRelation = (name: string): boolean => model.attributes[name]?.type === 'relation';
  if (populate === true) {
    for (const name of Object.keys(model.attributes)) if (isRelation(name)) yield [name, {}];
  } else if (Array.isArray(populate)) {
    const nested = new Map<string, string[]>();
    for (const path of populate.map(String)) {
      const [name = '', ...rest] = path.split('.');
      nested.set(name, [...(nested.get(name) ?? []), ...(rest.length ? [rest.join('.')] : [])]);
    }
    for (const [name, paths] of nested)
      if (isRelation(name)) yield [name, paths.length ? { populate: paths } : {}];
  } else if (typeof populate === 'object') {
    for (const [name, value] of Object.entries(populate))
      if (isRelation(name) && value) yield [name, typeof value === 'object' ? (value as PopulateParams) : {}];
  }
}
