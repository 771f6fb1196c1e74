import type { Cause } from '../strapi/writes/purges';

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
      tags: tags ? first(tags, MOST_TAGS) : [],
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

function first<T>(all: Iterable<T>, count: number): T[] {
  const found: T[] = [];
  for (const it of all) {
    if (found.length === count) break;
    found.push(it);
  }
  return found;
}
