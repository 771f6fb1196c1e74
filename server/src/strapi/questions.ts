import { LRUCache } from 'lru-cache';
import { holds, meets, type RawRow } from './conditions-on-row';
import { Overlaps, type Write } from './overlaps';
import type { ReadScope } from './read-scope';
import type { Model } from './schema';
import { attributeTag, memberTag, questionTag, type Dim } from './tags';
import { tick } from './ticks';

/** What one level of a read asks of the rows of a type. */
export interface Question {
  readonly model: Model;
  /** Where the rows are looked for. */
  readonly dims: readonly Dim[];
  /** Rows coming and going count. */
  readonly members: boolean;
  /** All that the read uses. */
  readonly attributes: readonly string[];
  /** Conditions that every row found meets; null where not all of them are conditions on the row itself. */
  readonly wheres: readonly unknown[] | null;
  /** Conditions on single attributes, wherever they stand; all of them are in `wheres` where that is not null. */
  readonly atoms: ReadonlyMap<string, readonly unknown[]>;
  /** Attributes whose every change counts, such as those of a sort. */
  readonly always: ReadonlySet<string>;
  /** The answer is how many rows there are: what comes and goes at once leaves it as it was. */
  readonly counts?: boolean;
  /** From `notationOf`, where it was written before. */
  readonly notation?: string | null;
}

/** The tags that a question stands for: those of rows that come and go, and of every use of a column. */
export const plainTags = ({ model, dims, members, attributes }: Question): string[] =>
  dims.flatMap((dim) => [
    ...(members ? [memberTag(model.uid, dim)] : []),
    ...attributes.map((name) => attributeTag(model.uid, dim, name)),
  ]);

/** One change of a row: null for a row that was not there before, or is not there after. */
export interface Change {
  readonly before: RawRow | null;
  readonly after: RawRow | null;
  /** The attribute that changed; null for coming or going. */
  readonly attribute: string | null;
}

/** A tag of a write together with the questions below it whose answers the write cannot have changed. */
export interface Judged {
  readonly tag: string;
  /** Those that count are among them: they are as they were when all shifts of a delivery come to nothing. */
  readonly spared: ReadonlySet<string>;
  /** Questions that count, and by how much the change shifts them. */
  readonly shifts: ReadonlyMap<string, number>;
  readonly change: Change;
  readonly write: Write;
}

/** By how much each change of a delivery shifts a question that counts. */
export type Shifts = ReadonlyMap<string, ReadonlyMap<Change, number>>;

/** What a write purges. */
export type Purged = string | Judged;

/** What is to be delivered together. */
export interface Delivery {
  /** Each tag with the questions that no write under it can have touched. */
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>;
  readonly shifts: Shifts;
  /** The writes that judged. */
  readonly writes: ReadonlySet<Write>;
}

interface Asked extends Question {
  readonly text: string;
  readonly tag: string;
  readonly below: readonly string[];
  /** When it was first asked. */
  readonly since: number;
}

/** Questions remembered: those asked last. */
const MOST = 2000;
/** Questions judged for one tag of a write; beyond that, those that were not asked for longest are forgotten. */
const MOST_BELOW = 500;

/**
 * The open questions of this process. An answer depends on its question instead of on every row that comes or goes
 * and on every use of a column, and a write judges with the rows in hand which questions it can have touched. Whatever
 * is purged without being judged hits all questions below it.
 *
 * Only a process that sees all writes can judge them, so this is for the embedded store.
 */
export class Questions {
  private readonly asked: LRUCache<string, Asked>;
  private readonly below = new Map<string, Set<Asked>>();
  /** When a write to a type was last delivered. */
  private readonly delivered = new Map<string, number>();

  /** @param forget drops the answers to a question that is no longer judged */
  constructor(
    private readonly forget: (tag: string) => void,
    readonly overlaps = new Overlaps(),
    most = MOST,
    private readonly mostBelow = MOST_BELOW,
  ) {
    this.asked = new LRUCache({
      max: most,
      dispose: (it, _text, reason) => {
        this.drop(it);
        if (reason === 'evict') this.forget(it.tag);
      },
    });
  }

  /** The tag that stands for a question in the place of plain tags; null where they must stay. */
  ask(question: Question, scope: ReadScope): string | null {
    const text = question.notation === undefined ? notationOf(question) : question.notation;
    if (text === null) return null;
    const known = this.asked.get(text) ?? this.add(text, question);
    this.place(known);
    // A write that was delivered while this was being read has not judged a question that nobody had asked.
    const safe = known.since < scope.started || (this.delivered.get(question.model.uid) ?? 0) < scope.started;
    return safe ? known.tag : null;
  }

  /** Which questions below a tag a change leaves alone. */
  judge(tag: string, change: Change, write: Write): Purged {
    const below = this.below.get(tag);
    if (!below) return tag;
    const spared = new Set<string>();
    const shifts = new Map<string, number>();
    for (const question of below) {
      const shift = isUntouched(question, change) ? 0 : shiftOf(question, change);
      if (shift === null) continue;
      spared.add(question.tag);
      if (shift !== 0) shifts.set(question.tag, shift);
    }
    return { tag, spared, shifts, change, write };
  }

  /** The tags of a delivery, those of the questions that it touches included. */
  expand({ tags, shifts, writes }: Delivery): Set<string> {
    const now = tick();
    const all = new Set(tags.keys());
    const touched = new Set<string>();
    const certain = [...writes].every((write) => !write.overlapped);
    const stays = (question: string): boolean => sum(shifts.get(question)?.values() ?? []) === 0;
    for (const [tag, spared] of tags) {
      const uid = /^[aemuxq]\|([^|]*)/.exec(tag)?.[1];
      if (uid === undefined) continue;
      this.delivered.set(uid, now);
      this.overlaps.disturb(uid, writes);
      for (const it of this.below.get(tag) ?? []) {
        if (!certain || !spared.has(it.tag) || !stays(it.tag)) {
          all.add(it.tag);
          touched.add(it.text);
        }
      }
    }
    // nothing is left that depends on them: whoever asks again asks anew
    for (const text of touched) this.asked.delete(text);
    for (const write of writes) this.overlaps.end(write);
    return all;
  }

  private add(text: string, question: Question): Asked {
    const since = tick();
    const tag = questionTag(question.model.uid, since);
    const asked: Asked = { ...question, text, tag, below: plainTags(question), since };
    this.asked.set(text, asked);
    return asked;
  }

  /** Puts a question last among those below each of its tags. */
  private place(asked: Asked): void {
    for (const tag of asked.below) {
      const others = this.below.get(tag) ?? new Set();
      if (others.size === 0) this.below.set(tag, others);
      others.delete(asked);
      others.add(asked);
      const [longestAgo] = others;
      if (longestAgo && others.size > this.mostBelow) {
        this.asked.delete(longestAgo.text);
        this.forget(longestAgo.tag);
      }
    }
  }

  private drop(asked: Asked): void {
    for (const tag of asked.below) {
      const others = this.below.get(tag);
      others?.delete(asked);
      if (others?.size === 0) this.below.delete(tag);
    }
  }
}

function isUntouched({ model, wheres, atoms, always }: Question, change: Change): boolean {
  const { before, after, attribute } = change;
  const misses = (row: RawRow | null): boolean =>
    row === null || (wheres ?? []).some((where) => meets(where, model, row) === false);
  if (misses(before) && misses(after)) return true;
  if (attribute === null || before === null || after === null || always.has(attribute)) return false;
  const described = model.attributes[attribute];
  const conditions = atoms.get(attribute);
  if (!described || !conditions) return false;
  const column = described.columnName ?? attribute;
  return conditions.every((condition) => {
    const [old, now] = [
      holds(described, condition, before[column]),
      holds(described, condition, after[column]),
    ];
    return old !== null && old === now;
  });
}

/** By how much a row that comes or goes shifts a question that counts; null where that is not certain. */
function shiftOf({ model, wheres, counts }: Question, { before, after, attribute }: Change): number | null {
  const row = after ?? before;
  if (!counts || wheres === null || attribute !== null || row === null || (after && before)) return null;
  if (!wheres.every((where) => meets(where, model, row) === true)) return null;
  return after ? 1 : -1;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const it of numbers) total += it;
  return total;
}

/** The question in one notation; null for one with parts that have none. */
export function notationOf({ model, dims, members, counts, wheres, ...uses }: Question): string | null {
  const always = [...uses.always];
  // where all conditions are at hand they tell what is asked of single attributes
  const conditions = wheres ?? [...uses.atoms];
  const known = wheres !== null;
  try {
    return JSON.stringify([model.uid, dims, members, uses.attributes, known, conditions, always, counts]);
  } catch {
    return null;
  }
}
