import type { Core } from '@strapi/strapi';
import { LRUCache } from 'lru-cache';
import { insideOrm } from './orm';
import { parseStatement, rowsNamed, volatileWord, type Statement } from './raw-statements';
import { currentScope, type ReadScope } from './read-scope';
import { anyDims, type Schema } from './schema';
import { anyLinkTag, anyRowTag, typeTag } from './tags';
import { tableTags } from './writes/link-tags';
import type { Cause, Purges } from './writes/purges';
import { unseenTags } from './writes/row-tags';
import { isId } from './writes/rows';
import { currentAction, rewritingAction } from './writes/write-context';

/** A statement as the events of knex tell of it. */
interface KnexStatement {
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
  /** What to do at its end beside dropping these. */
  everything: boolean;
  cause: Cause | null;
}

interface KnexTransaction extends PromiseLike<unknown> {
  readonly txid: string;
}

interface KnexClient {
  transaction(...args: unknown[]): KnexTransaction;
}

/** Texts of statements remembered: knex writes the same ones again and again. */
const MAX_STATEMENTS = 500;
const MAX_REMEMBERED_LENGTH = 5000;

/**
 * Watches the statements that do not come from the entity manager: `strapi.db.connection`, `strapi.db.queryBuilder`,
 * and Strapi's own link rewriting. What they read is taken as the whole table, what they write purges it.
 */
export class RawSql {
  private readonly open = new Map<string, OpenTransaction>();
  /** The transaction that a connection is in. */
  private readonly running = new Map<string, OpenTransaction>();
  private readonly parsed = new LRUCache<string, Statement>({ max: MAX_STATEMENTS });

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly purges: Purges,
  ) {}

  watch(): void {
    const { connection } = this.strapi.db;
    const finished = (statement: KnexStatement): void => {
      if (!insideOrm()) this.finished(statement);
    };
    connection.on('query', (statement: KnexStatement) => this.started(statement));
    connection.on('query-response', (_response: unknown, statement: KnexStatement) => finished(statement));
    connection.on('query-error', (_error: unknown, statement: KnexStatement) => {
      if (!insideOrm() && this.parse(statement.sql).kind === 'read') currentScope()?.refuse('read-failed');
      finished(statement);
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

  private started({ sql, __knexUid: connection, __knexTxId: txId }: KnexStatement): void {
    if (sql.length <= MAX_BEGIN_LENGTH && connection !== undefined && txId !== undefined && BEGIN.test(sql))
      return this.begun(connection, txId);
    if (insideOrm()) return;
    const scope = currentScope();
    if (!scope) return;
    const statement = this.parse(sql);
    if (statement.kind === 'read') this.noteRead(scope, statement);
    else if (statement.kind !== 'none') scope.refuse('write');
  }

  /** A write counts once it is done; inside of a transaction, once that has ended. */
  private finished({ sql, bindings, __knexUid: connection }: KnexStatement): void {
    const statement = this.parse(sql);
    if (statement.kind === 'read' || statement.kind === 'none') return;
    const verb = /[a-z]+/i.exec(sql)?.[0].toLowerCase() ?? 'write';
    const cause = currentAction()?.cause ?? { source: 'sql', action: verb };
    const everything = statement.kind === 'opaque';
    const tags = everything ? [] : (this.rowTags(statement, sql, bindings) ?? this.writeTags(statement));
    if (tags.length === 0 && !everything) return;
    const transaction = connection === undefined ? undefined : this.running.get(connection);
    if (!transaction) return this.send(tags, everything, cause);
    transaction.cause = cause;
    transaction.everything ||= everything;
    for (const tag of tags) transaction.tags.add(tag);
    // Strapi's own commit callbacks come a few ticks before the end of knex's transaction is known
    if (this.strapi.db.inTransaction()) this.purges.add(tags, cause);
  }

  private send(tags: Iterable<string>, everything: boolean, cause: Cause): void {
    if (everything) this.purges.alongside(this.purges.everything(cause));
    else this.purges.sendNow(new Set(tags), cause);
  }

  private begun(connection: string, txId: string): void {
    const transaction = { connection, tags: new Set<string>(), everything: false, cause: null };
    this.open.set(txId, transaction);
    this.running.set(connection, transaction);
  }

  /** Committed or rolled back: to purge after a rollback is needless and harmless. */
  private ended(txId: string): void {
    const transaction = this.open.get(txId);
    if (!transaction) return;
    this.open.delete(txId);
    if (this.running.get(transaction.connection) === transaction) this.running.delete(transaction.connection);
    const { tags, everything, cause } = transaction;
    if (cause) this.send(tags, everything, cause);
  }

  /**
   * An update of rows of one type that are named by their ids: every column that it mentions counts as changed. Without
   * it, an application that counts views with SQL would drop a type with every view.
   * @returns null for any other statement
   */
  private rowTags({ words }: Statement, sql: string, bindings: readonly unknown[] = []): string[] | null {
    const count = rowsNamed(sql);
    const ids = count > 0 ? bindings.slice(-count).filter(isId) : [];
    if (count === 0 || ids.length !== count) return null;
    const tables = [...words].filter((word) => this.schema.links().has(word) || this.schema.uidOfTable(word));
    const uid = tables.length === 1 ? this.schema.uidOfTable(tables[0] ?? '') : undefined;
    if (uid === undefined || this.schema.links().has(tables[0] ?? '')) return null;
    const model = this.schema.model(uid);
    if (model.hasLocale) return null; // the lists that a row is in have its locale in their names
    const columns = [...model.byColumn.keys()].filter((column) => column !== 'id' && words.has(column));
    return ids.flatMap((id) => [...unseenTags(model, id, columns)]);
  }

  /** Every known table that the statement names, as a table or in any other way. */
  private writeTags({ words }: Statement): string[] {
    const tags: string[] = [];
    for (const word of words) {
      const link = this.schema.links().get(word);
      const uid = this.schema.uidOfTable(word);
      if (link) {
        const action = rewritingAction();
        if (action)
          action.rewritten.add(word); // read back at the end of the action
        else tags.push(...tableTags(link));
      } else if (uid) tags.push(typeTag(uid));
    }
    return tags;
  }

  private noteRead(scope: ReadScope, statement: Statement): void {
    const volatile = volatileWord(statement);
    if (volatile !== null) scope.refuse(`raw-sql ${volatile}`);
    let known = false;
    for (const word of statement.words) known = this.noteTable(scope, word) || known;
    const unknown = statement.tables.find((name) => !this.isKnown(name));
    if (unknown !== undefined) scope.refuse(`raw-sql ${unknown}`);
    if (known && !scope.authenticating) scope.reads++;
  }

  private noteTable(scope: ReadScope, name: string): boolean {
    // the metadata knows join tables as models of their own, but nobody writes them as such
    if (this.schema.links().has(name)) {
      scope.touchTable(name);
      scope.keep(anyLinkTag(name));
      return true;
    }
    const uid = this.schema.uidOfTable(name);
    if (uid === undefined) return false;
    const model = this.schema.model(uid);
    scope.touch(model);
    for (const dim of anyDims(model)) scope.keep(anyRowTag(uid, dim));
    return true;
  }

  private isKnown(name: string): boolean {
    return [name, name.toLowerCase()].some(
      (it) => this.schema.links().has(it) || this.schema.uidOfTable(it) !== undefined,
    );
  }

  private parse(sql: string): Statement {
    const known = this.parsed.get(sql);
    if (known) return known;
    const statement = parseStatement(sql);
    if (sql.length <= MAX_REMEMBERED_LENGTH) this.parsed.set(sql, statement);
    return statement;
  }
}

const BEGIN = /^\s*(?:begin|start transaction)\b/i;
/** With an isolation level and all; nearly every other statement is longer, and every statement is looked at. */
const MAX_BEGIN_LENGTH = 100;
