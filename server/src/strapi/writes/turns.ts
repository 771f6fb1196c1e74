import type { Core } from '@strapi/strapi';
import { isWriting } from './frame';

/** Milliseconds that writes may hold the process before those who wait have their turn. */
const LONGEST_MS = 0.5;

/** What knex asks its driver through, in transactions and out of them (`knex/lib/client.js`). */
interface KnexClient {
  query(connection: object, statement: unknown): Promise<unknown>;
}

/**
 * SQLite answers at once, so the tens of statements of a publication follow each other without the event loop having
 * its turn, and every request waits until the last of them, hits too. Here writes that have held the process for a
 * while let what has arrived be answered before their next statement, as they do on a database behind a socket. Reads
 * are left alone: those that take turns end later than those that follow each other.
 * @param now milliseconds
 */
export function takeTurns(strapi: Core.Strapi, now: () => number): void {
  const { client } = strapi.db.connection as unknown as { client: KnexClient };
  const base = Object.getPrototypeOf(client) as KnexClient;
  const turns = new Turns(now);
  // Transactions make clients of their own, from the prototype of this one's constructor (knex/lib/execution/transaction.js).
  class TakingTurns implements KnexClient {
    query(connection: object, statement: unknown): Promise<unknown> {
      const turn = turns.before(connection, isWriting());
      if (turn === null) return base.query.call(this, connection, statement);
      return turn.then(() => base.query.call(this, connection, statement));
    }
  }
  Object.setPrototypeOf(TakingTurns.prototype, base);
  Object.setPrototypeOf(client, TakingTurns.prototype);
}

/** Tells statements of writes when to let others go first. */
export class Turns {
  /** When the first statement of this turn of the event loop was asked for. */
  private since: number | null = null;
  /** What the next statement of a connection waits for: none overtakes another, least of all the end of a transaction. */
  private readonly waiting = new WeakMap<object, Promise<void>>();

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  /** @returns what a statement has to wait for, if for anything */
  before(connection: object, writing: boolean): Promise<void> | null {
    const others = this.waiting.get(connection);
    if (others !== undefined) return others;
    if (!writing || !this.due()) return null;
    // the first comes behind what the loop has found already, the second behind what has arrived since
    const turn = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    this.waiting.set(connection, turn);
    void turn.then(() => this.waiting.delete(connection));
    return turn;
  }

  private due(): boolean {
    if (this.since !== null) return this.now() - this.since >= LONGEST_MS;
    this.since = this.now();
    setImmediate(() => (this.since = null));
    return false;
  }
}
