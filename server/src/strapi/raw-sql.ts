import type { Core } from '@strapi/strapi';
import { currentInside, insideOrm } from './orm';
import type { Overlaps, SqlWrite, Transaction } from './overlaps';
import { currentScope, type ReadScope } from './read-scope';
import { columnsRead, demandedNull, kindOf, rowUpdateOf, tablesOf, type RowUpdate } from './raw-statements';
import { anyDims, endsOf, type Model, type Schema } from './schema';
import {
  anyLinkOfTag,
  anyLinkTag,
  anyLookupTag,
  anyRowTag,
  attributeTag,
  memberTag,
  rowAttributeTag,
  rowMeaningTag,
  rowTag,
  tableTag,
  typeTag,
  type Status,
} from './tags';
import { currentFrame } from './writes/frame';
import type { Cause, Purges } from './writes/purges';

interface Statement {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
  /** The connection that the statement runs on. */
  readonly __knexUid?: string;
  /** The transaction that the connection was last used for, which may be over (knex/lib/execution/transaction.js). */
  readonly __knexTxId?: string;
}

/** A transaction of knex, from its BEGIN to its end. */
interface OpenTransaction {
  readonly connection: string;
  readonly tags: Set<string>;
  readonly writes: SqlWrite[];
  cause: Cause | null;
}

interface KnexTransaction extends PromiseLike<unknown> {
  readonly txid: string;
}

interface KnexClient {
  transaction(...args: unknown[]): KnexTransaction;
}

/**
 * Watches the statements that do not come from the entity manager: `strapi.db.connection`, `strapi.db.queryBuilder`,
 * and Strapi's own link rewriting. What they read is taken as the whole table, what they write purges it.
 */
export class RawSql {
  private readonly open = new Map<string, OpenTransaction>();
  /** The transaction that a connection is in. */
  private readonly running = new Map<string, OpenTransaction>();

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly purges: Purges,
    private readonly overlaps: Overlaps,
  ) {}

  watch(): void {
    const { connection } = this.strapi.db;
    connection.on('query', (statement: Statement) => this.started(statement));
    connection.on('query-response', (response: unknown, statement: Statement) => {
      const inside = currentInside();
      if (!inside) this.finished(statement);
      else if (typeof inside === 'object') inside.finished(statement.sql, response);
    });
    connection.on('query-error', (_error: unknown, statement: Statement) => {
      if (!insideOrm()) this.finished(statement);
    });
    // knex announces a COMMIT before it runs and never says that it is done; its transaction objects do
    const client = connection.client as KnexClient;
    const transaction = client.transaction.bind(client);
    client.transaction = (...args) => {
      const begun = transaction(...args);
      const end = (): void => this.ended(begun.txid);
      begun.then(end, end);
      return begun;
    };
  }

  private started({ sql, __knexUid: connection, __knexTxId: txId }: Statement): void {
    if (sql.length <= LONGEST_BEGIN && connection !== undefined && txId !== undefined && BEGIN.test(sql))
      return this.begun(connection, txId);
    if (insideOrm()) return;
    const scope = currentScope();
    if (!scope) return;
    const kind = kindOf(sql);
    if (kind === 'write') scope.refuse('write');
    else if (kind === 'read') this.noteRead(scope, sql);
  }

  /** A write counts once it is done; inside of a transaction, once that has ended. */
  private finished(statement: Statement): void {
    const { sql, __knexUid: connection } = statement;
    if (kindOf(sql) !== 'write') return;
    const transaction = connection === undefined ? undefined : this.running.get(connection);
    // what an action of the document service rewrites are links of rows that nobody else knows yet
    if (!currentFrame()) {
      const writes = this.writesOf(statement);
      transaction?.writes.push(...writes);
      this.beside(writes, this.purges.transaction());
    }
    const tags = this.writeTags(statement);
    if (tags.length === 0) return;
    const cause = currentFrame()?.cause ?? { source: 'sql', action: sql.trim().split(/\s/, 1)[0] ?? 'write' };
    if (!transaction) return this.purges.sendNow(new Set(tags), cause);
    transaction.cause = cause;
    for (const tag of tags) transaction.tags.add(tag);
    // Strapi's own commit callbacks come a few ticks before the end of knex's transaction is known
    if (this.strapi.db.inTransaction()) this.purges.add(tags, cause);
  }

  private begun(connection: string, txId: string): void {
    const transaction = { connection, tags: new Set<string>(), writes: [], cause: null };
    this.open.set(txId, transaction);
    this.running.set(connection, transaction);
  }

  /** Committed or rolled back: to purge after a rollback is needless and harmless. */
  private ended(txId: string): void {
    const transaction = this.open.get(txId);
    if (!transaction) return;
    this.open.delete(txId);
    if (this.running.get(transaction.connection) === transaction) this.running.delete(transaction.connection);
    // who looked at the rows in between saw what stood there before it
    this.beside(transaction.writes, null);
    if (transaction.cause) this.purges.sendNow(transaction.tags, transaction.cause);
  }

  /** A join table is a model of its own as well, as which nobody writes it. */
  private writesOf({ sql, bindings }: Statement): SqlWrite[] {
    const update = rowUpdateOf(sql, bindings);
    const rows = update && new Map(update.ids.map((id) => [String(id), [update.data]]));
    return tablesOf(sql).map((table) => {
      if (this.schema.links().has(table)) return { subject: table, rows: null };
      return { subject: this.schema.uidOfTable(table) ?? table, rows };
    });
  }

  /** Tells the writes of the entity manager that run at the same time. */
  private beside(writes: readonly SqlWrite[], transaction: Transaction | null): void {
    for (const write of writes) this.overlaps.sql(write, transaction);
  }

  private writeTags({ sql, bindings }: Statement): string[] {
    const frame = currentFrame();
    const update = rowUpdateOf(sql, bindings);
    const known = update && this.updateTags(update);
    if (known) return known;
    return tablesOf(sql).flatMap((table) => {
      const link = this.schema.links().get(table);
      if (link) {
        if (frame) {
          frame.rewritten.add(table); // read back at the end of the action
          return [];
        }
        return [tableTag(table), anyLinkTag(table), ...endsOf(link).map(anyLinkOfTag)];
      }
      const uid = this.schema.uidOfTable(table);
      return uid ? [typeTag(uid)] : [];
    });
  }

  /** Rows named by their ids: as exact as a write of the entity manager, but for what the columns held before. */
  private updateTags({ table, columns, ids }: RowUpdate): string[] | null {
    const uid = this.schema.links().has(table) ? undefined : this.schema.uidOfTable(table);
    if (!uid) return null;
    const model = this.schema.model(uid);
    const names = columns.map((column) => model.byColumn.get(column));
    const plain = names.every((name) => name && !SPECIAL.has(name) && isScalar(model, name));
    if (!plain || model.hasLocale) return null; // a change of one locale purges by that locale, which is not known
    const changed = names.filter((name) => name !== undefined);
    return [
      ...ids.flatMap((id) => [
        rowTag(uid, id),
        rowMeaningTag(uid, id),
        ...changed.map((name) => rowAttributeTag(uid, id, name)),
      ]),
      ...anyDims(model).flatMap((dim) => [
        anyRowTag(uid, dim),
        ...changed.map((name) => attributeTag(uid, dim, name)),
        ...changed.filter((name) => model.lookups.has(name)).map((name) => anyLookupTag(uid, dim, name)),
      ]),
    ];
  }

  private noteRead(scope: ReadScope, sql: string): void {
    const tables = new Set(tablesOf(sql));
    // `from a, b` and the like: any word of the statement that is a table's name
    for (const [word] of sql.matchAll(/[\w-]+/g)) if (this.schema.uidOfTable(word)) tables.add(word);
    for (const table of tables) this.noteTable(scope, table, tables.size === 1 ? sql : null);
    if (tables.size > 0 && !scope.authenticating) scope.reads++;
  }

  private noteTable(scope: ReadScope, table: string, alone: string | null): void {
    const uid = this.schema.uidOfTable(table);
    // the metadata knows join tables as models of their own, but nobody writes them as such
    if (this.schema.links().has(table)) {
      scope.touchTable(table);
      scope.keep(anyLinkTag(table));
    } else if (uid) {
      const model = this.schema.model(uid);
      scope.touch(model);
      const columns = alone === null ? null : columnsRead(alone, table, model.byColumn);
      const status = alone !== null && columns && model.hasStatus ? statusRead(alone, model) : null;
      for (const dim of anyDims(model)) {
        if (status !== null && !dim.startsWith(status)) continue;
        scope.keep(columns ? memberTag(uid, dim) : anyRowTag(uid, dim));
        for (const column of columns ?? [])
          scope.keep(attributeTag(uid, dim, model.byColumn.get(column) ?? column));
      }
    } else scope.refuse(`raw-sql ${table}`);
  }
}

/** The status of the rows that a statement can find, where it says so. */
function statusRead(sql: string, model: Model): Status | null {
  const isNull = demandedNull(sql, model.attributes.publishedAt?.columnName ?? 'published_at');
  return isNull === null ? null : isNull ? 'd' : 'p';
}

const BEGIN = /^\s*(?:begin|start transaction)\b/i;
/** With an isolation level and all; nearly every other statement is longer, and every statement is looked at. */
const LONGEST_BEGIN = 100;

/** Attributes that say more of a row than their own value. */
const SPECIAL = new Set(['id', 'documentId', 'publishedAt', 'locale']);

const isScalar = (model: Model, name: string): boolean => model.attributes[name]?.type !== 'relation';
