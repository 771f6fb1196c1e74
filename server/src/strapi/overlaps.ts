/** The part of a knex transaction that is asked here. */
export interface Transaction {
  isCompleted?(): boolean;
}

/** One write to a type, from before its first look at the rows until its purge is delivered. */
export interface Write {
  readonly uid: string;
  readonly transaction: Transaction | null;
  /** Another write to the type was under way: the rows it saw may not be those that it changed. */
  overlapped: boolean;
}

/**
 * Knows which writes to a type overlap. A write that is alone has seen the very rows that stood before it; of two that
 * overlap, one may have changed what the other has made, though neither saw that.
 */
export class Overlaps {
  private readonly running = new Map<string, Set<Write>>();

  begin(uid: string, transaction: Transaction | null): Write {
    const write: Write = { uid, transaction, overlapped: false };
    const others = this.running.get(uid) ?? new Set();
    for (const other of others) {
      // writes of one transaction come one after the other
      if (transaction !== null && other.transaction === transaction) continue;
      write.overlapped = other.overlapped = true;
      // one that was never ended, for example of a transaction that was completed behind Strapi's back
      if (other.transaction?.isCompleted?.()) others.delete(other);
    }
    this.running.set(uid, others.add(write));
    return write;
  }

  end(write: Write): void {
    const others = this.running.get(write.uid);
    others?.delete(write);
    if (others?.size === 0) this.running.delete(write.uid);
  }

  /** Something else has changed rows of a type: SQL, or a bulk write. */
  disturb(uid: string, but: ReadonlySet<Write>): void {
    for (const write of this.running.get(uid) ?? []) if (!but.has(write)) write.overlapped = true;
  }

  get size(): number {
    return this.running.size;
  }
}
