import { sharedTexts } from '../core/shared-texts';
import { AsyncSlot } from './async-slot';
import type { Model } from './schema';
import { TagBag } from './tag-bag';
import { tick } from './ticks';

/** Collects what one fill depends on, and what makes it unfit to be stored. */
export class ReadScope {
  private readonly answer = new TagBag();
  private readonly caller = new TagBag();
  /** In the order of what happens in this process. */
  readonly started = tick();
  /** Reads other than those of authentication. */
  reads = 0;
  /** Authentication is under way: what it reads says who the caller is, not what the answer is made of. */
  authenticating = false;
  refusal: string | null = null;
  /** Document ids of the rows that were read, by type and row id; null where one has none. */
  readonly documents = new Map<string, string | null>();

  refuse(reason: string): void {
    this.refusal ??= reason;
  }

  touch(model: Model): void {
    this.bag.touch(model);
  }

  touchTable(table: string): void {
    this.bag.touchTable(table);
  }

  add(tag: string): void {
    this.bag.add(tag);
  }

  keep(tag: string): void {
    this.bag.keep(tag);
  }

  /** What the answer depends on, whoever is allowed to have it. */
  answerTags(): string[] {
    return tagsOf(this.answer);
  }

  /** What the caller's identity depends on. */
  callerTags(): string[] {
    return tagsOf(this.caller);
  }

  /** Both. */
  tags(): string[] {
    return tagsOf(this.answer, this.caller);
  }

  private get bag(): TagBag {
    return this.authenticating ? this.caller : this.answer;
  }
}

function tagsOf(...bags: readonly TagBag[]): string[] {
  const all = new Set<string>();
  for (const bag of bags) bag.addTo(all);
  return sharedTexts.all(all);
}

const storage = new AsyncSlot<ReadScope>();

/** Runs a function so that every ORM read below it is noted in the scope. */
export const runInScope = <T>(scope: ReadScope, run: () => T): T => storage.run(scope, run);

/** The scope that the running code fills, if any. */
export const currentScope = (): ReadScope | undefined => storage.get();
