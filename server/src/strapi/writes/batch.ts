import type { Change, Delivery, Judged, Purged } from '../questions';
import type { Write } from '../overlaps';
import type { Cause } from './purges';

const NONE: ReadonlySet<string> = new Set();

/** What is delivered together: everything that one transaction purges. */
export class Batch implements Delivery {
  readonly tags = new Map<string, ReadonlySet<string>>();
  readonly shifts = new Map<string, Map<Change, number>>();
  readonly writes = new Set<Write>();

  constructor(
    purged: Iterable<Purged>,
    readonly cause: Cause,
  ) {
    this.add(purged);
  }

  add(purged: Iterable<Purged>): void {
    for (const it of purged) {
      const { tag, spared } = typeof it === 'string' ? { tag: it, spared: NONE } : it;
      if (typeof it !== 'string') this.addShifts(it);
      const known = this.tags.get(tag);
      // a question is spared by all or not at all
      this.tags.set(tag, known ? new Set([...known].filter((question) => spared.has(question))) : spared);
    }
  }

  /** One change may come with several tags, and shifts a question once. */
  private addShifts({ shifts, change, write }: Judged): void {
    this.writes.add(write);
    for (const [question, by] of shifts) {
      const known = this.shifts.get(question);
      if (known) known.set(change, by);
      else this.shifts.set(question, new Map([[change, by]]));
    }
  }
}
