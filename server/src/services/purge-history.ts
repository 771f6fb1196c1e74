import type { Core } from '@strapi/strapi';
import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import type { Cause } from '../strapi/writes/purges';
import { walkEntries } from './entry-walk';

export interface PurgeRecord extends Cause {
  /** Tells records apart: they are numbered from the start of the process. */
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Everything was dropped. */
  readonly all: boolean;
  /** How many tags it named. */
  readonly count: number;
  /** The first of them. */
  readonly tags: readonly string[];
  /** Milliseconds until every instance would learn of it; null while it is not delivered. */
  took: number | null;
  /** Entries in the memory of the process that fell; left out where they were not counted. */
  entries?: number;
  /** Whose request caused it, where it was a request's. */
  readonly by: string | null;
}

const MOST_RECORDS = 200;
const MOST_TAGS = 50;
/** What Strapi writes about itself: nobody looks for it, and it would push out what people look for. */
const HOUSEKEEPING = /^(strapi::|admin::(?!api-token))/;

/** The last purges of this process: who or what, and what it named. */
export class PurgeHistory {
  private readonly records: PurgeRecord[] = [];
  private numbered = 0;
  private kept = 0;

  /**
   * @param tags null where everything was dropped
   * @returns the record, to be told when the purge is delivered
   */
  add(cause: Cause, tags: ReadonlySet<string> | null, by: string | null, at: number): PurgeRecord {
    const record: PurgeRecord = {
      ...cause,
      number: ++this.numbered,
      at,
      took: null,
      by,
      all: tags === null,
      count: tags?.size ?? 0,
      tags: [...(tags ?? [])].slice(0, MOST_TAGS),
    };
    if (cause.uid !== undefined && HOUSEKEEPING.test(cause.uid)) return record;
    this.kept++;
    this.records.push(record);
    if (this.records.length > MOST_RECORDS) this.records.shift();
    return record;
  }

  /** Grows with every purge that is kept. */
  get volume(): number {
    return this.kept;
  }

  /** Newest first. */
  list(): readonly Readonly<PurgeRecord>[] {
    return [...this.records].reverse();
  }
}

/** Writes that follow each other are counted together: one walk through the memory for all of them, milliseconds. */
const PAUSE_MS = 200;
/** A walk takes at most this part of the time, however fast writes follow each other. */
const SHARE = 1 / 20;
/** With more entries than these nobody waits for the walk. */
const MOST_ENTRIES = 20_000;

/** Finds out how many entries of this process a purge has dropped, behind the back of the write that caused it. */
export class PurgeTally {
  private readonly pending: { readonly record: PurgeRecord; readonly tags: ReadonlySet<string> }[] = [];
  private pause = PAUSE_MS;
  private readonly counted = new WeakSet<Entry>();

  constructor(private readonly store: Store) {}

  /** To be told of a purge before it is carried out. One whose entries were counted already keeps its number. */
  add(record: PurgeRecord, tags: ReadonlySet<string> | null): void {
    if (record.entries !== undefined || this.store.stats().entries > MOST_ENTRIES) return;
    if (tags === null) {
      record.entries = [...this.store.entries()].filter((it) => this.store.isValid(it)).length;
      return;
    }
    this.pending.push({ record, tags });
    if (this.pending.length === 1) setTimeout(() => void this.count(), this.pause).unref();
  }

  /** An entry counts for the first purge that names one of its tags, and once. */
  async count(): Promise<void> {
    const pending = this.pending.splice(0);
    const started = performance.now();
    for (const { record } of pending) record.entries = 0;
    await walkEntries([...this.store.entries()], (part) => {
      for (const entry of part) {
        if (this.counted.has(entry) || this.store.isValid(entry)) continue;
        this.counted.add(entry);
        const cause = pending.find(({ tags }) => entry.tags.some((tag) => tags.has(tag)));
        if (cause) cause.record.entries = (cause.record.entries ?? 0) + 1;
      }
    });
    this.pause = Math.max(PAUSE_MS, (performance.now() - started) / SHARE);
  }
}

interface RequestState {
  readonly user?: {
    readonly firstname?: string | null;
    readonly lastname?: string | null;
    readonly email?: string;
  };
  readonly auth?: {
    readonly strategy?: { readonly name?: string };
    readonly credentials?: { readonly name?: string; readonly username?: string } | null;
  };
}

/** Who the running request comes from, for the history of purges: a name for people, or null. */
export function currentActor(strapi: Core.Strapi): string | null {
  const state = strapi.requestContext.get()?.state as RequestState | undefined;
  const { strategy, credentials } = state?.auth ?? {};
  if (strategy?.name === 'admin') {
    const { firstname, lastname, email } = state?.user ?? {};
    return [firstname, lastname].filter(Boolean).join(' ') || email || null;
  }
  if (strategy?.name === 'content-api-token') return credentials?.name ?? null;
  return credentials?.username ?? null;
}
