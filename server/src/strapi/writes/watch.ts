import type { Overlaps, Write } from '../overlaps';
import type { Change, Purged, Questions } from '../questions';
import { tableTag, typeTag, type RowId } from '../tags';
import type { LinkQuestion } from './stored-rows';

/** One write that is compared with what stood before it, and the others that run beside it. */
export class Watch {
  constructor(
    private readonly overlaps: Overlaps,
    private readonly questions: Questions | null,
    private readonly write: Write,
  ) {}

  /** Says which open questions a change leaves alone. */
  readonly judge = (tag: string, change: Change): Purged =>
    this.questions ? this.questions.judge(tag, change, this.write) : tag;

  /** Rows that the write is about to change. Call when they are known, before it does. */
  changes(ids: Iterable<RowId>): void {
    for (const id of ids) this.write.rows.add(String(id));
  }

  /** What else is purged when another write has changed one of the rows after the look at it. */
  collisions(): string[] {
    return this.overlaps.collided(this.write) ? [typeTag(this.write.subject)] : [];
  }

  end(): void {
    this.overlaps.end(this.write);
  }
}

/** The same for links: lists of links are taken by a row's id on one side of a join table. */
export class LinkWatch {
  private readonly writes = new Map<string, Write>();

  constructor(
    private readonly overlaps: Overlaps,
    questions: readonly LinkQuestion[],
    transaction: Write['transaction'],
  ) {
    for (const { table, column, ids } of questions) {
      const write = this.writes.get(table.name) ?? overlaps.begin(table.name, transaction);
      this.writes.set(table.name, write);
      for (const id of ids) write.rows.add(`${column}|${id}`);
    }
  }

  collisions(): string[] {
    return [...this.writes.values()]
      .filter((write) => this.overlaps.collided(write))
      .map((write) => tableTag(write.subject));
  }

  end(): void {
    for (const write of this.writes.values()) this.overlaps.end(write);
  }
}
