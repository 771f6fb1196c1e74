import { AsyncSlot } from '../async-slot';
import { currentInside, outsideOrm, type OngoingWrite } from '../orm';
import type { Model } from '../schema';
import type { RowId, Status } from '../tags';
import type { ActingRow, LinkRow } from './link-tags';
import type { Cause } from './purges';
import type { RawRow } from './rows';

/** One action of the document service, around everything it writes. */
export class DocumentAction {
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

const actions = new AsyncSlot<DocumentAction>();
export const currentAction = (): DocumentAction | undefined => actions.get();
export const runInAction = <T>(action: DocumentAction, run: () => T): T =>
  actions.run(action, () => outsideOrm(run));

/** The action whose own SQL is running; nothing in hooks of the application, which have SQL of theirs. */
export const rewritingAction = (): DocumentAction | undefined =>
  currentInside() === undefined ? currentAction() : undefined;

/**
 * One write of the entity manager, as far as it is known. The look at what it is about to change comes behind the
 * `before...` hooks of the application, which may change rows, `where` and data, and right before the write itself.
 */
export class WriteContext implements OngoingWrite {
  /** Whether the hooks have run and the look was taken: without it nothing is known of the write. */
  looked = false;
  /** The hooks have refused it: nothing was written. */
  refused = false;
  /** The rows before the write, as far as they were looked at. */
  rows: readonly RawRow[] = [];
  /** The rows were found by a condition, and it is not certain yet that they were the ones. */
  isGuess = false;
  /** The row that it has written, as far as a relation step has told. */
  id: RowId | null = null;
  /** Nobody else can change the row between the look and the end of the transaction. */
  exact = false;
  /** What the write sets, by column names. */
  set: RawRow = {};
  /** The links of the rows of a deletion. */
  links: readonly LinkRow[] = [];
  /** The status of the row, where it is certain. */
  status: Status | null = null;
  /** Tags of its relation step, which has a transaction of its own: due when the whole write is done. */
  readonly later = new Set<string>();

  /**
   * @param passing the row itself comes or goes: lists of its type learn of it from that
   * @param hook the lifecycle behind which the look is taken
   */
  constructor(
    readonly model: Model,
    readonly hook: string,
    readonly passing: boolean,
    private readonly look: (context: WriteContext) => Promise<void> | void,
  ) {}

  hooksFailed(hook: string, uid: string): void {
    if (hook === this.hook && uid === this.model.uid) this.refused = true;
  }

  /** @throws nothing: a write must not fail because it could not be looked at */
  async hooksDone(hook: string, uid: string): Promise<void> {
    if (this.looked || hook !== this.hook || uid !== this.model.uid) return;
    try {
      await this.look(this);
      this.looked = true;
    } catch {
      this.rows = [];
    }
  }
}

/** The write that the running code is part of; null for the application's hooks in it. */
export function currentWrite(): WriteContext | null {
  const inside = currentInside();
  return inside instanceof WriteContext ? inside : null;
}
