import { AsyncSlot } from '../async-slot';
import type { Core } from '@strapi/strapi';

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

/** Everything that one transaction purges. */
interface Batch {
  readonly tags: Set<string>;
  readonly cause: Cause;
}

/**
 * Gathers the tags of a transaction and delivers them once, in the tick in which its commit is known. Outside of a
 * transaction they are delivered at once; after a rollback not at all.
 */
export class Purges {
  private readonly batches = new WeakMap<object, Batch>();

  constructor(
    private readonly strapi: Core.Strapi,
    readonly deliver: Deliver,
  ) {}

  add(tags: Iterable<string>, cause: Cause): void {
    const batch = { tags: new Set(tags), cause };
    if (batch.tags.size === 0) return;
    if (!this.strapi.db.inTransaction()) return this.send(batch);
    // Nested in the running transaction this calls back before it returns (@strapi/database/dist/index.js).
    void this.strapi.db.transaction(({ trx, onCommit, onRollback }) => {
      const known = this.batches.get(trx);
      if (known) {
        for (const tag of batch.tags) known.tags.add(tag);
        return;
      }
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

  /** Delivers at once, whatever transaction is open. */
  async now(tags: ReadonlySet<string>, cause: Cause): Promise<void> {
    if (tags.size > 0) await this.deliver(tags, cause);
  }

  /** The same for a write that is done and cannot wait for it: its request does. */
  sendNow(tags: ReadonlySet<string>, cause: Cause): void {
    if (tags.size > 0) this.send({ tags, cause });
  }

  /** Drops everything at once. */
  everything(cause: Cause): Promise<void> {
    return this.deliver(null, cause);
  }

  private send({ tags, cause }: { tags: ReadonlySet<string>; cause: Cause }): void {
    this.alongside(this.deliver(tags, cause));
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
