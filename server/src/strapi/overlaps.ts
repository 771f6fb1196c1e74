/** The part of a knex transaction that is asked here. */
export interface Transaction {
  isCompleted?(): boolean;
}

/** One write to a type or to a join table, from before its first look at the rows until its purge is delivered. */
export interface Write {
  /** Uid of the type, or name of the join table. */
  readonly subject: string;
  readonly transaction: Transaction | null;
  /** Another write to the subject was under way: the rows it saw may not be those that it changed. */
  overlapped: boolean;
  /** Those others. */
  readonly beside: Set<Write>;
  /** The rows that it changes, as far as it has found out. */
  readonly rows: Set<string>;
  /** SQL has changed rows of the subject meanwhile, nobody knows which. */
  disturbed: boolean;
}

/**
 * Knows which writes overlap. A write that is alone has seen the very rows that stood before it; of two that overlap,
 * one may have changed what the other has made, though neither saw that.
 */
export class Overlaps {
  private readonly running = new Map<string, Set<Write>>();

  begin(subject: string, transaction: Transaction | null): Write {
    const others = this.running.get(subject) ?? new Set();
    const beside = new Set<Write>();
    const write: Write = {
      subject,
      transaction,
      overlapped: false,
      beside,
      rows: new Set(),
      disturbed: false,
    };
    for (const other of others) {
      if (areOne(transaction, other.transaction)) continue;
      write.overlapped = other.overlapped = true;
      beside.add(other);
      other.beside.add(write);
      // one that was never ended, for example of a transaction that was completed behind Strapi's back
      if (other.transaction?.isCompleted?.()) others.delete(other);
    }
    this.running.set(subject, others.add(write));
    return write;
  }

  end(write: Write): void {
    const others = this.running.get(write.subject);
    others?.delete(write);
    if (others?.size === 0) this.running.delete(write.subject);
  }

  /**
   * Whether a row may have been changed by somebody else between the look at it and the write: what stood there for
   * that moment is in neither of what the write has seen, before it and after it.
   */
  collided({ disturbed, beside, rows }: Write): boolean {
    if (disturbed) return true;
    for (const other of beside) for (const row of rows) if (other.rows.has(row)) return true;
    return false;
  }

  /** Something else has changed rows of a type and judged nothing: SQL, or a bulk write. */
  disturb(uid: string, but: ReadonlySet<Write>): void {
    for (const write of this.running.get(uid) ?? []) if (!but.has(write)) write.overlapped = true;
  }

  /** SQL has changed rows of a subject. */
  sql(subject: string, transaction: Transaction | null): void {
    for (const write of this.running.get(subject) ?? [])
      if (!areOne(transaction, write.transaction)) write.disturbed = true;
  }

  get size(): number {
    return this.running.size;
  }
}

/** Writes of one transaction come one after the other, and nobody sees what stands between them. */
const areOne = (one: Transaction | null, other: Transaction | null): boolean => one !== null && one === other;
