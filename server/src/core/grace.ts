import type { Entry } from './entry';

/** For how long an entry may be served past its lifetime (RFC 5861). Durations are milliseconds. */
export interface Grace {
  /** While it is made anew in the background. */
  readonly revalidate: number;
  /** Where the handler fails. */
  readonly error: number;
  /** Epoch milliseconds; it is of no use from then on, whatever the windows say. */
  readonly limit: number;
  /** A purge of one of the first so many tags removes it; a purge of the others makes it stale. */
  readonly hardTags: number;
}

/** The part of a tag clock that tells how an entry came to be purged. */
export interface PurgeTimes {
  /**
   * When an entry that does not hold was first purged, epoch milliseconds; null when one of its first `hard` tags was,
   * or when this clock cannot tell.
   */
  purgeTime(entry: { readonly tags: readonly string[]; seq: number }, hard: number): number | null;
}

/** The instant since when an entry is stale. */
export const staleSince = (entry: Entry): number => Math.min(entry.freshUntil, entry.purgedAt ?? Infinity);

/** Until when an entry is worth its place. */
export const keepUntil = (entry: Entry): number => entry.grace?.limit ?? entry.freshUntil;

export const mayRevalidate = (entry: Entry, now: number): boolean =>
  entry.grace !== null && now < Math.min(entry.grace.limit, staleSince(entry) + entry.grace.revalidate);

export const mayOnError = (entry: Entry, now: number): boolean =>
  entry.grace !== null && now < Math.min(entry.grace.limit, staleSince(entry) + entry.grace.error);

/**
 * Whether an entry that is not fresh may still be served. Remembers in it when it was purged: a later purge of the
 * same tag must not open its windows anew.
 * @param holds whether nothing it depends on was purged
 */
export function lingers(entry: Entry, now: number, holds: boolean, clock: PurgeTimes): boolean {
  const { grace } = entry;
  if (grace === null || grace.limit <= now) return false;
  if (!holds) {
    if (grace.hardTags >= entry.tags.length) return false;
    const at = clock.purgeTime(entry, grace.hardTags);
    if (at === null) return false;
    entry.purgedAt = Math.min(at, now, entry.purgedAt ?? Infinity);
  }
  return mayRevalidate(entry, now) || mayOnError(entry, now);
}

/**
 * The earliest purge among the tags of an entry, for readings that are microseconds of wall time.
 * @returns epoch milliseconds; `hard` when one of the first `hard` tags was purged; null when none was
 */
export function firstPurge(
  entry: { readonly tags: readonly string[]; seq: number },
  hard: number,
  purgedAt: (tag: string) => number | undefined,
): number | 'hard' | null {
  let first: number | null = null;
  for (const [index, tag] of entry.tags.entries()) {
    const at = purgedAt(tag);
    if (at === undefined || at <= entry.seq) continue;
    if (index < hard) return 'hard';
    if (first === null || at < first) first = at;
  }
  return first === null ? null : first / 1000;
}
