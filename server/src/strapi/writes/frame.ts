import { AsyncSlot } from '../async-slot';
import { currentInside } from '../orm';
import type { RowId, Status } from '../tags';
import type { ActingRow } from './link-tags';
import type { Cause } from './purges';

/** One action of the document service, around everything it writes. */
export class Frame {
  /** Rows that the action has created, by type. */
  readonly created = new Map<string, ActingRow[]>();
  /** Join tables that the action has written with SQL of its own. */
  readonly rewritten = new Set<string>();

  constructor(readonly cause: Cause) {}

  noteCreated(uid: string, id: RowId, status: Status): void {
    const row = { uid, id, status, passing: true };
    const known = this.created.get(uid);
    if (known) known.push(row);
    else this.created.set(uid, [row]);
  }
}

const frames = new AsyncSlot<Frame>();
export const currentFrame = (): Frame | undefined => frames.get();
export const runInFrame = <T>(frame: Frame, run: () => T): T => frames.run(frame, run);

/** Whether the running code is part of a write: of an action of the document service, or of the entity manager. */
export const isWriting = (): boolean => {
  const inside = currentInside();
  return frames.get() !== undefined || (Boolean(inside) && inside !== 'read');
};

/** One create, update or delete of the entity manager. */
export interface Acting {
  readonly uid: string;
  readonly status: Status | null;
  readonly passing: boolean;
  /** Tags of its relation step, which has a transaction of its own: due when the whole call is done. */
  readonly later: Set<string>;
}

const acting = new AsyncSlot<Acting | null>();
export const currentActing = (): Acting | null => acting.get() ?? null;
export const runActing = <T>(row: Acting, run: () => T): T => acting.run(row, run);
