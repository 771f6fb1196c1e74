import type { Core } from '@strapi/strapi';
import type { JoinTableInfo, Model, Schema } from '../schema';
import { asTracker } from '../orm';
import type { RowId } from '../tags';
import type { LinkRow } from './link-tags';
import type { RawRow } from './row-tags';

interface Builder {
  select(columns: string | string[]): Builder;
  where(where: unknown): Builder;
  init(params: object): Builder;
  first(): Builder;
  limit(count: number): Builder;
  execute(options: { mapResults: boolean }): Promise<unknown>;
}

/** Links of some rows in one join table: by their ids on the side of a column, or by type and id. */
export interface LinkQuestion {
  readonly table: JoinTableInfo;
  readonly column: string;
  readonly ids: readonly RowId[];
  /** The type that the rows are of, where the column holds ids of several. */
  readonly type: string | null;
}

/** As much of knex as is needed here. */
interface Query extends PromiseLike<RawRow[]> {
  select(...columns: unknown[]): Query;
  whereIn(column: string, ids: readonly RowId[]): Query;
  andWhere(column: string, value: string): Query;
  unionAll(others: readonly Query[]): Query;
  transacting(trx: unknown): Query;
}

/**
 * Reads what stands in the database around a write, inside the running transaction and unseen by the trackers.
 * A relation step runs in a transaction that only its caller knows (`entity-manager/index.js`): it is handed in as
 * `trx`, and on a database with one connection every other way to read would wait for it for ever.
 */
export class StoredRows {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
  ) {}

  /** The row that `update` and `delete` of the entity manager will take: the first of an unordered where. */
  async first(model: Model, where: unknown): Promise<RawRow | null> {
    if (where === null || typeof where !== 'object' || Object.keys(where).length === 0) return null;
    const found = await this.run(this.build(model.uid).select('*').where(where).first());
    return (found as RawRow | null | undefined) ?? null;
  }

  async byIds(model: Model, ids: readonly RowId[]): Promise<RawRow[]> {
    if (ids.length === 0) return [];
    const query = this.build(model.uid).select('*');
    return (await this.run(query.where({ id: { $in: ids } }))) as RawRow[];
  }

  /** Rows of a bulk write; null when there are more than `most`. */
  async matching(model: Model, params: object, most: number): Promise<RawRow[] | null> {
    const query = this.build(model.uid)
      .init(params)
      .select('*')
      .limit(most + 1);
    const found = (await this.run(query)) as RawRow[];
    return found.length > most ? null : found;
  }

  /** Every link that rows of a type have, in the given tables or in all. */
  allLinks(uid: string, ids: readonly RowId[], tables?: ReadonlySet<string>): Promise<LinkRow[]> {
    return this.links(this.questionsOf(uid, ids, tables));
  }

  /** What to ask for them. */
  questionsOf(uid: string, ids: readonly RowId[], tables?: ReadonlySet<string>): LinkQuestion[] {
    const questions: LinkQuestion[] = [];
    for (const table of this.schema.links().values()) {
      if (tables && !tables.has(table.name)) continue;
      const { owner, far, morph } = table;
      if (owner.uid === uid) questions.push({ table, column: owner.column, ids, type: null });
      if (morph) questions.push({ table, column: morph.id, ids, type: uid });
      else if (far?.uids.includes(uid)) questions.push({ table, column: far.column, ids, type: null });
    }
    return questions;
  }

  /** The answers to all questions in one statement. A link that answers two of them comes twice. */
  async links(questions: readonly LinkQuestion[], trx?: unknown): Promise<LinkRow[]> {
    const asked = questions.filter((it) => it.ids.length > 0);
    const [first, ...others] = asked.map((question, index) => this.question(question, index));
    if (!first) return [];
    const query = others.length > 0 ? first.unionAll(others) : first;
    const rows = await asTracker(() => this.inTransaction(query, trx));
    return rows.flatMap((row) => {
      const table = asked[Number(row.question)]?.table;
      return table ? [{ table, row: named(table, row) }] : [];
    });
  }

  /** Columns of all tables under the same names, without a null, so that every database finds one type for each. */
  private question({ table, column, ids, type }: LinkQuestion, index: number): Query {
    const { connection } = this.strapi.db;
    const { owner, far, morph, orders, hasField } = table;
    const whole = (name: string | undefined, as: string): unknown =>
      name === undefined
        ? connection.raw(`0 as ??`, [as])
        : connection.raw(`coalesce(??, 0) as ??`, [name, as]);
    const text = (name: string | undefined, as: string): unknown =>
      name === undefined
        ? connection.raw(`'' as ??`, [as])
        : connection.raw(`coalesce(??, '') as ??`, [name, as]);
    const query = (this.strapi.db.getConnection(table.name) as unknown as Query)
      .select(
        connection.raw(`${index} as question`),
        whole(owner.column, 'near_id'),
        whole(morph?.id ?? far?.column, 'far_id'),
        text(morph?.type, 'far_type'),
        text(hasField ? 'field' : undefined, 'field'),
        whole(orders[0], 'order_a'),
        whole(orders[1], 'order_b'),
      )
      .whereIn(column, ids);
    return type !== null && morph ? query.andWhere(morph.type, type) : query;
  }

  private async inTransaction(query: Query, trx: unknown): Promise<RawRow[]> {
    if (trx) return query.transacting(trx);
    const { db } = this.strapi;
    // nested in the running transaction: joins it, and does not end it
    if (db.inTransaction()) return db.transaction(async (running) => query.transacting(running.trx));
    return query;
  }

  private build(uid: string): Builder {
    return this.strapi.db.queryBuilder(uid) as unknown as Builder;
  }

  private run(builder: Builder): Promise<unknown> {
    return asTracker(() => builder.execute({ mapResults: false }));
  }
}

/** A row of a union under the column names of its table again. */
function named({ owner, far, morph, orders, hasField }: JoinTableInfo, row: RawRow): RawRow {
  return {
    [owner.column]: row.near_id,
    ...(morph && { [morph.type]: row.far_type }),
    ...((morph ?? far) && { [morph?.id ?? far?.column ?? '']: row.far_id }),
    ...(hasField && { field: row.field }),
    ...Object.fromEntries(orders.map((name, i) => [name, i === 0 ? row.order_a : row.order_b])),
  };
}
