import type { Core } from '@strapi/strapi';
import { isWriting } from './frame';

/** Milliseconds that a write may hold the process before those who wait have their turn. */
const SHORT_MS = 0.5;

/**
 * Turns of the event loop for a stretch of one millisecond. They grow with its square: what has made everybody wait for
 * 2.5 ms lets a hundred turns pass before it does so again, and so meets one request in a hundred at most.
 */
const TURNS = 16;
const MOST_TURNS = 100;

/** Where a turn takes long, a write waits for so many times what it has held the process at most. */
const LONGEST = 15;

/** What knex asks its driver through, in transactions and out of them (`knex/lib/client.js`). */
interface KnexClient {
  query(connection: object, statement: unknown): Promise<unknown>;
}

/**
 * A publication is tens of statements and milliseconds of code between them, and over SQLite, which answers at once, the
 * event loop has no turn before the last of them: every request waits, hits too. Here a write that has held the process
 * for a while lets others go first before its next statement. Where nobody else is there, turns take no time. Reads are
 * left alone: those that take turns end later than those that follow each other.
 * @param now milliseconds
 */
export function takeTurns(strapi: Core.Strapi, now: () => number): void {
  const { client } = strapi.db.connection as unknown as { client: KnexClient };
  const base = Object.getPrototypeOf(client) as KnexClient;
  const turns = new Turns(now);
  // Transactions make clients of their own, from the prototype of this one's constructor (knex/lib/execution/transaction.js).
  class TakingTurns implements KnexClient {
    query(connection: object, statement: unknown): Promise<unknown> {
      const writing = isWriting();
      const turn = turns.before(connection, writing);
      const asked =
        turn === null
          ? base.query.call(this, connection, statement)
          : turn.then(() => base.query.call(this, connection, statement));
      return writing ? asked.then((answer) => turns.answered(answer)) : asked;
    }
  }
  Object.setPrototypeOf(TakingTurns.prototype, base);
  Object.setPrototypeOf(client, TakingTurns.prototype);
}

/** Tells statements of writes when to let others go first. */
export class Turns {
  /** When writes began to hold the process in this turn of the event loop. */
  private since: number | null = null;
  /** What the next statement of a connection waits for: none overtakes another, least of all the end of a transaction. */
  private readonly waiting = new WeakMap<object, Promise<void>>();

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  /** @returns what a statement has to wait for, if for anything */
  before(connection: object, writing: boolean): Promise<void> | null {
    const others = this.waiting.get(connection);
    if (others !== undefined) return others;
    if (!writing) return null;
    const held = this.held();
    if (held < SHORT_MS) return null;
    const turn = this.pass(held);
    this.waiting.set(connection, turn);
    void turn.then(() => this.waiting.delete(connection));
    return turn;
  }

  /** Tells that a write goes on with an answer of the database, and gives that back. */
  answered<T>(answer: T): T {
    this.held();
    return answer;
  }

  /** For how long writes have held the process by now, milliseconds. */
  private held(): number {
    if (this.since !== null) return this.now() - this.since;
    this.since = this.now();
    setImmediate(() => (this.since = null));
    return 0;
  }

  private pass(held: number): Promise<void> {
    const until = this.now() + LONGEST * held;
    let left = Math.min(TURNS * held * held, MOST_TURNS);
    return new Promise((resolve) => {
      const next = (): void => {
        left--;
        if (left > 0 && this.now() < until) setImmediate(next);
        else resolve();
      };
      setImmediate(next);
    });
  }
}
