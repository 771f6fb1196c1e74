import { AsyncSlot } from './async-slot';
import type { Model } from './schema';
import { TagBag } from './tag-bag';

/** Collects what one fill depends on, and what makes it unfit to be stored. */
export class ReadScope {
  private readonly answer = new TagBag();
  private readonly caller = new TagBag();
  /** Reads other than those of authentication. */
  reads = 0;
  /** Authentication is under way: what it reads says who the caller is, not what the answer is made of. */
  authenticating = false;
  refusal: string | null = null;
  /** Document ids of the rows that were read, by type and row id; null where one has none. */
  readonly documents = new Map<string, string | null>();

  /** @param naming whether caches outside are told which documents the answer shows */
  constructor(private readonly naming = false) {}

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

  /** For a tag that is the same text every time. */
  addShared(tag: string): void {
    this.bag.addShared(tag);
  }

  keep(tag: string): void {
    this.bag.keep(tag);
  }

  /** Notes which document a row belongs to. */
  document(uid: string, id: string | number, documentId: unknown): void {
    if (this.naming) this.documents.set(`${uid}|${id}`, typeof documentId === 'string' ? documentId : null);
  }

  /** What the answer depends on, whoever is allowed to have it. */
  answerTags(): string[] {
    return this.answer.list();
  }

  /** What the caller's identity depends on. */
  callerTags(): string[] {
    return this.caller.list();
  }

  /** Both. */
  tags(): string[] {
    return this.answer.list(this.caller);
  }

  private get bag(): TagBag {
    return this.authenticating ? this.caller : this.answer;
  }
}

const storage = new AsyncSlot<ReadScope>();

/** Runs a function so that every ORM read below it is noted in the scope. */
export const runInScope = <T>(scope: ReadScope, run: () => T): T => storage.run(scope, run);

/** The scope that the running code fills, if any. */
export const currentScope = (): ReadScope | undefined => storage.get();
