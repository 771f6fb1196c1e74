import type { Overlaps, Write } from '../overlaps';
import type { Change, Purged, Questions } from '../questions';
import { endsOf, type Model } from '../schema';
import { anyLinkOfTag, anyLinkTag, joinTag, linkTag, tableTag, typeTag, type Status } from '../tags';
import { changeTags, idOf, left, presenceTags, type Judge, type RawRow } from './row-tags';
import type { LinkQuestion } from './stored-rows';

const unjudged: Judge = (tag) => tag;

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

  /**
   * Rows that the write is about to change. Call before it does.
   * @param data what it sets, by column names
   */
  changes(rows: Iterable<RawRow>, data: RawRow = {}): void {
    for (const row of rows) this.write.rows.set(String(idOf(row)), [row, { ...row, ...data }]);
  }

  /**
   * What else is purged when others have changed the rows between the look at them and the write: all that they know
   * to have stood there.
   * @param after a row as it stands now; null for one that is gone
   */
  *collisions(model: Model, after: (id: string) => RawRow | null): Generator<Purged> {
    if (this.write.disturbed) yield typeTag(model.uid);
    for (const [id, states] of this.overlaps.collisions(this.write)) {
      const now = after(id);
      const known = now ?? this.write.rows.get(id)?.[0];
      for (const state of states) {
        const stood = { ...known, ...state };
        yield* now ? changeTags(model, stood, now, unjudged) : presenceTags(model, left(stood), unjudged);
      }
    }
  }

  end(): void {
    this.overlaps.end(this.write);
  }
}

const STATUSES: readonly Status[] = ['p', 'd', '-'];

/** The same for links: lists of links are taken by a row's id on one side of a join table. */
export class LinkWatch {
  private readonly writes = new Map<
    string,
    { readonly write: Write; readonly table: LinkQuestion['table'] }
  >();

  constructor(
    private readonly overlaps: Overlaps,
    questions: readonly LinkQuestion[],
    transaction: Write['transaction'],
  ) {
    for (const { table, column, ids, type, shared } of questions) {
      const { write } = this.writes.get(table.name) ?? { write: overlaps.begin(table.name, transaction) };
      this.writes.set(table.name, { write, table });
      const side = column === table.morph?.id ? 'morph' : column;
      for (const id of ids) {
        const row = `${side}|${type === null ? id : `${type}:${id}`}`;
        if (shared) write.mentioned.add(row);
        else write.rows.set(row, []);
      }
    }
  }

  /** Every list that others have to do with who have to do with one of these. */
  *collisions(): Generator<string> {
    for (const { write, table } of this.writes.values()) {
      if (write.disturbed) yield tableTag(table.name);
      const rows = new Set<string>();
      for (const other of this.overlaps.collided(write))
        for (const row of [...other.rows.keys(), ...other.mentioned]) rows.add(row);
      if (rows.size === 0) continue;
      yield anyLinkTag(table.name);
      for (const uid of endsOf(table)) yield anyLinkOfTag(uid);
      for (const status of STATUSES) {
        for (const side of [table.owner.column, table.far?.column ?? 'morph'])
          yield joinTag(table.name, side, status);
        for (const row of rows) {
          const at = row.indexOf('|');
          yield linkTag(table.name, row.slice(0, at), row.slice(at + 1), status);
        }
      }
    }
  }

  end(): void {
    for (const { write } of this.writes.values()) this.overlaps.end(write);
  }
}
