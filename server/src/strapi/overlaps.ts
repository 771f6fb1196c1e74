import type { RawRow } from './conditions-on-row';

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
  /** The rows that it changes, as far as it has found out, and in which columns they stood for a while as it knows. */
  readonly rows: Map<string, readonly RawRow[]>;
  /** Rows that it has to do with in a way that leaves everybody else's part in them alone. */
  readonly mentioned: Set<string>;
  /** SQL has changed rows of the subject meanwhile, nobody knows which. */
  disturbed: boolean;
}

/** What a statement has written that does not come from the entity manager. */
export interface SqlWrite {
  readonly subject: string;
  /** The rows that it has changed, with what it has set; null where that cannot be told. */
  readonly rows: Map<string, readonly RawRow[]> | null;
}

/**
 * Knows which writes overlap. A write that is alone has seen the very rows that stood before it; of two that overlap,
 * one may have changed what the other has made, though neither saw that.
 */
export class Overlaps {
  private readonly running = new Map<string, Set<Write>>();

  begin(subject: string, transaction: Transaction | null): Write {
    const others = this.running.get(subject) ?? new Set();
    const write = writeOf(subject, transaction);
    for (const other of others) {
      if (areOne(transaction, other.transaction)) continue;
      write.overlapped = other.overlapped = true;
      write.beside.add(other);
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
   * The rows of a write that others have changed at the same time, and how those know them. What one makes between the
   * look of another at the row and its write is in neither of what the other has seen, before it and after it.
   */
  *collisions(write: Write): Generator<readonly [row: string, states: readonly RawRow[]]> {
    for (const other of this.collided(write))
      for (const [row, states] of other.rows) if (write.rows.has(row)) yield [row, states];
  }

  /** The other writes that change a row of this one, or have to do with one that it changes. */
  collided({ beside, rows, mentioned }: Write): Write[] {
    const meets = (other: Write): boolean => {
      for (const row of other.rows.keys()) if (rows.has(row) || mentioned.has(row)) return true;
      for (const row of other.mentioned) if (rows.has(row)) return true;
      return false;
    };
    return [...beside].filter(meets);
  }

  /** Something else has changed rows of a type and judged nothing: SQL, or a bulk write. */
  disturb(uid: string, but: ReadonlySet<Write>): void {
    for (const write of this.running.get(uid) ?? []) if (!but.has(write)) write.overlapped = true;
  }

  /** SQL has changed rows of a subject. */
  sql({ subject, rows }: SqlWrite, transaction: Transaction | null): void {
    for (const write of this.running.get(subject) ?? []) {
      if (areOne(transaction, write.transaction)) continue;
      if (rows) write.beside.add(writeOf(subject, transaction, rows));
      else write.disturbed = true;
    }
  }

  get size(): number {
    return this.running.size;
  }
}

const writeOf = (
  subject: string,
  transaction: Transaction | null,
  rows: Write['rows'] = new Map(),
): Write => ({
  subject,
  transaction,
  overlapped: false,
  beside: new Set(),
  rows,
  mentioned: new Set(),
  disturbed: false,
});

/** Writes of one transaction come one after the other, and nobody sees what stands between them. */
const areOne = (one: Transaction | null, other: Transaction | null): boolean => one !== null && one === other;
