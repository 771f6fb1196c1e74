import { AsyncSlot } from '../async-slot';
import type { Core } from '@strapi/strapi';
import type { Transaction } from '../overlaps';
import type { Delivery, Purged } from '../questions';
import { Batch } from './batch';

/** What led to a purge, for the log and the history. */
export interface Cause {
  readonly source: 'document' | 'query' | 'sql' | 'manual' | 'start';
  readonly action: string;
  readonly uid?: string;
  readonly documentId?: string;
  /** Entries in the memory of this process that fell, where they were counted. */
  readonly entries?: number;
}

export interface Deliver {
  /** @param tags null for everything */
  (tags: ReadonlySet<string> | null, cause: Cause): Promise<void>;
}

/** A request whose response waits until its purges are known everywhere. */
const requests = new AsyncSlot<Promise<void>[]>();

/**
 * Runs a request and waits for the purges it caused: until every instance will learn of them, or until the store has
 * had its time. What is not delivered by then is kept and delivered later.
 * @param patience milliseconds
 */
export async function awaitingPurges<T>(run: () => Promise<T>, patience: number): Promise<T> {
  if (requests.get()) return run(); // whoever is outside waits for all of them
  const pending: Promise<void>[] = [];
  try {
    return await requests.run(pending, run);
  } finally {
    // every request comes through here, and nearly none has caused anything
    if (pending.length > 0) await delivered(Promise.all(pending), patience);
  }
}

/** @returns whether a delivery was acknowledged within so many milliseconds */
export function delivered(delivery: Promise<unknown>, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patience);
    const settle = (done: boolean) => (): void => {
      clearTimeout(timer);
      resolve(done);
    };
    delivery.then(settle(true), settle(false));
  });
}

/** The tags to deliver for what was gathered. */
export type Expand = (delivery: Delivery) => ReadonlySet<string>;

/**
 * Gathers the tags of a transaction and delivers them once, in the tick in which its commit is known. Outside of a
 * transaction they are delivered at once; after a rollback not at all.
 */
export class Purges {
  private readonly batches = new WeakMap<object, Batch>();

  constructor(
    private readonly strapi: Core.Strapi,
    readonly deliver: Deliver,
    private readonly expand: Expand = ({ tags }) => new Set(tags.keys()),
  ) {}

  add(tags: Iterable<Purged>, cause: Cause): void {
    const list = [...tags];
    if (list.length === 0) return;
    if (!this.strapi.db.inTransaction()) return this.send(new Batch(list, cause));
    // Nested in the running transaction this calls back before it returns (@strapi/database/dist/index.js).
    void this.strapi.db.transaction(({ trx, onCommit, onRollback }) => {
      const known = this.batches.get(trx);
      if (known) {
        known.add(list);
        return;
      }
      const batch = new Batch(list, cause);
      this.batches.set(trx, batch);
      const commit = (): void => {
        if (this.batches.delete(trx)) this.send(batch);
      };
      onCommit(commit);
      onRollback(() => this.batches.delete(trx));
      // A callback of the application that throws ends the round of callbacks (transaction-context.js, `commit`), though
      // the transaction is committed. What knex says of its end does not tell a commit from a rollback.
      const { executionPromise } = trx as { executionPromise?: Promise<unknown> };
      const late = (): void => void setImmediate(commit);
      void executionPromise?.then(late, late);
    });
  }

  /** The transaction that is running, if any. */
  transaction(): Transaction | null {
    const found: Transaction[] = [];
    if (this.strapi.db.inTransaction())
      void this.strapi.db.transaction(({ trx }) => void found.push(trx as Transaction));
    return found[0] ?? null;
  }

  /** Calls back when it is certain whether a write stands: now, or with the end of the running transaction. */
  whenSettled(run: () => void): void {
    if (!this.strapi.db.inTransaction()) return run();
    void this.strapi.db.transaction(({ onCommit, onRollback }) => {
      onCommit(run);
      onRollback(run);
    });
  }

  /** Delivers at once, whatever transaction is open. */
  async now(tags: ReadonlySet<string>, cause: Cause): Promise<void> {
    if (tags.size > 0) await this.deliver(this.expand(new Batch(tags, cause)), cause);
  }

  /** The same for a write that is done and cannot wait for it: its request does. */
  sendNow(tags: ReadonlySet<string>, cause: Cause): void {
    if (tags.size > 0) this.send(new Batch(tags, cause));
  }

  /** Drops everything at once. */
  everything(cause: Cause): Promise<void> {
    return this.deliver(null, cause);
  }

  private send(batch: Batch): void {
    this.alongside(this.deliver(this.expand(batch), batch.cause));
  }

  /** The running request waits for this delivery too. */
  alongside(delivery: Promise<void>): void {
    requests.get()?.push(delivery);
    // A purge that fails is the store's to retry; a commit callback must not throw.
    delivery.catch((error: unknown) =>
      this.strapi.log.error(`[upstash-cache] purge failed: ${String(error)}`),
    );
  }
}
