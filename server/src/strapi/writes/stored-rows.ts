import type { Core } from '@strapi/strapi';
import type { JoinTableInfo, Model, Schema } from '../schema';
import { asTracker } from '../orm';
import type { RowId } from '../tags';
import type { LinkRow } from './link-tags';
import { rowLock, type Lockable, type LockStrength } from './row-lock';
import { idOf, idsIn, type RawRow } from './rows';

interface Builder {
  select(columns: string | string[]): Builder;
  where(where: unknown): Builder;
  init(params: object): Builder;
  limit(count: number): Builder;
  first(): Builder;
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
interface Query extends PromiseLike<RawRow[]>, Lockable {
  transacting(trx: unknown): Query;
}

/** A row before a write. */
export interface Look {
  readonly row: RawRow;
  /** Nobody else can change it before the end of the running transaction. */
  readonly exact: boolean;
}

/** Parts of statements on one join table, in the dialect of the database. */
interface TableTexts {
  readonly columns: string;
  readonly from: string;
  /** Columns that rows are found by, as they are to be written. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Reads what stands in the database around a write, inside the running transaction and unseen by the trackers.
 * A relation step runs in a transaction that only its caller knows (`entity-manager/index.js`): it is handed in as
 * `trx`, and on a database with one connection every other way to read would wait for it for ever.
 */
export class StoredRows {
  private readonly texts = new Map<string, TableTexts>();

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
  ) {}

  /**
   * The row that `update` and `delete` of the entity manager are about to take: the first of an unordered where. Inside
   * of a transaction it is locked, as the write itself will lock it right afterwards: that waits for nobody and makes
   * nobody wait who would not do so for the write. A row that somebody else holds is looked at all the same.
   * @param strength null for a write that takes no lock
   */
  async look(model: Model, where: unknown, strength: LockStrength | null): Promise<Look | null> {
    if (where === null || typeof where !== 'object' || Object.keys(where).length === 0) return null;
    const { db } = this.strapi;
    const [named, ...others] = idsIn(where) ?? [];
    const found = named === undefined || others.length > 0 ? await this.first(model, where) : undefined;
    const id = found ? idOf(found) : others.length === 0 ? named : undefined;
    if (id === undefined) return null;
    const lock = strength !== null && db.inTransaction() ? rowLock(db, strength) : null;
    const [locked] = lock ? await this.byIds(model, [id], lock) : [];
    if (locked) return { row: locked, exact: true };
    const row = found ?? (await this.byIds(model, [id]))[0];
    return row ? { row, exact: false } : null;
  }

  private async first(model: Model, where: object): Promise<RawRow | undefined> {
    const found = await this.run(this.build(model.uid).select('*').where(where).first());
    return (found as RawRow | null) ?? undefined;
  }

  /** Asked of knex itself: what Strapi's query builder does for a statement takes longer than the statement. */
  async byIds(model: Model, ids: readonly RowId[], lock = (query: Query): Query => query): Promise<RawRow[]> {
    if (ids.length === 0) return [];
    const query = this.strapi.db.getConnection(model.table).select('*').whereIn('id', ids);
    return asTracker(() => this.inTransaction(lock(query as unknown as Query)));
  }

  /** The rows that a condition finds; null when there are more than `most`. */
  async matching(model: Model, where: unknown, most: number): Promise<RawRow[] | null> {
    const query = this.build(model.uid)
      .init({ where })
      .select('*')
      .limit(most + 1);
    const found = (await this.run(query)) as RawRow[];
    return found.length > most ? null : found;
  }

  /** What to ask for every link that rows of a type have, in the given tables or in all. */
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
    if (asked.length === 0) return [];
    const rows = rowsIn(await asTracker(() => this.inTransaction(this.union(asked), trx)));
    return rows.flatMap((row) => {
      const table = asked[Number(row.question)]?.table;
      return table ? [{ table, row: named(table, row) }] : [];
    });
  }

  /** One statement for all. It is put together from texts that knex has made once: to build it takes longer than to run it. */
  private union(asked: readonly LinkQuestion[]): Query {
    const { connection } = this.strapi.db;
    const bindings: unknown[] = [];
    const parts = asked.map(({ table, column, ids, type }, index) => {
      const { columns, from, names } = this.textsOf(table);
      bindings.push(...ids);
      const marks = ids.map(() => '?').join(', ');
      const where = `${names.get(column) ?? ''} in (${marks})`;
      if (type === null || !table.morph)
        return `select ${index} as question, ${columns} ${from} where ${where}`;
      bindings.push(type);
      const typed = `${names.get(table.morph.type) ?? ''} = ?`;
      return `select ${index} as question, ${columns} ${from} where ${where} and ${typed}`;
    });
    return connection.raw(parts.join(' union all '), bindings as never) as unknown as Query;
  }

  /** Columns of all tables under the same names, of one type each. */
  private textsOf(table: JoinTableInfo): TableTexts {
    const known = this.texts.get(table.name);
    if (known) return known;
    const { connection } = this.strapi.db;
    const { owner, far, morph, orders, hasField } = table;
    const quoted = (name: string): string => connection.raw('??', [name]).toQuery();
    const whole = (name: string | undefined, as: string): string =>
      `${name === undefined ? '0' : quoted(name)} as ${as}`;
    const text = (name: string | undefined, as: string): string =>
      `${name === undefined ? "''" : quoted(name)} as ${as}`;
    const columns = [
      whole(owner.column, 'near_id'),
      whole(morph?.id ?? far?.column, 'far_id'),
      text(morph?.type, 'far_type'),
      text(hasField ? 'field' : undefined, 'field_name'),
      whole(orders[0], 'order_a'),
      whole(orders[1], 'order_b'),
    ].join(', ');
    const named = [owner.column, far?.column, morph?.id, morph?.type].filter((it) => it !== undefined);
    // with the schema of a database that has several
    const all = this.strapi.db.getConnection(table.name).select(connection.raw('1')).toQuery();
    const texts = {
      columns,
      from: all.slice(all.indexOf(' from ') + 1),
      names: new Map(named.map((name) => [name, quoted(name)])),
    };
    this.texts.set(table.name, texts);
    return texts;
  }

  private async inTransaction(query: Query, trx?: unknown): Promise<RawRow[]> {
    if (trx) return query.transacting(trx);
    const { db } = this.strapi;
    // nested in the running transaction: joins it, and does not end it
    if (!db.inTransaction()) return query;
    const running = await db.transaction();
    return query.transacting(running.get());
  }

  private build(uid: string): Builder {
    return this.strapi.db.queryBuilder(uid) as unknown as Builder;
  }

  private run(builder: Builder): Promise<unknown> {
    return asTracker(() => builder.execute({ mapResults: false }));
  }
}

/** What a raw statement answers with is wrapped by the driver, in a way of its own. */
function rowsIn(answer: readonly unknown[] | { readonly rows: readonly unknown[] }): readonly RawRow[] {
  const rows = 'rows' in answer ? answer.rows : Array.isArray(answer[0]) ? answer[0] : answer;
  return rows as readonly RawRow[];
}

/** A row of a union under the column names of its table again. */
function named({ owner, far, morph, orders, hasField }: JoinTableInfo, row: RawRow): RawRow {
  return {
    [owner.column]: row.near_id,
    ...(morph && { [morph.type]: row.far_type }),
    ...((morph ?? far) && { [morph?.id ?? far?.column ?? '']: row.far_id }),
    ...(hasField && { field: row.field_name }),
    ...Object.fromEntries(orders.map((name, i) => [name, i === 0 ? row.order_a : row.order_b])),
  };
}
