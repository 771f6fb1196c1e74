import { deltaSeconds, parseCacheControl } from './header-values';
import type { Entry } from './entry';
import { staleSince } from './grace';

/** What `Cache-Control` of a request asks for (RFC 9111 section 5.2.1). Durations are milliseconds. */
export interface RequestDirectives {
  readonly noCache: boolean;
  readonly noStore: boolean;
  readonly onlyIfCached: boolean;
  readonly maxAge: number | undefined;
  readonly minFresh: number | undefined;
  /** Infinity where any age will do. */
  readonly maxStale: number | undefined;
}

export function requestDirectives(header: string | undefined): RequestDirectives {
  const given = parseCacheControl(header);
  const time = (name: string): number | undefined => {
    const seconds = deltaSeconds(given, name);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  return {
    noCache: given.has('no-cache'),
    noStore: given.has('no-store'),
    onlyIfCached: given.has('only-if-cached'),
    maxAge: time('max-age'),
    minFresh: time('min-fresh'),
    maxStale: given.get('max-stale') === null ? Infinity : time('max-stale'),
  };
}

/** Whether a fresh entry is what the request asks for. */
export function acceptsFresh(asked: RequestDirectives, entry: Entry, now: number): boolean {
  if (asked.noCache) return false;
  if (asked.maxAge !== undefined && now - entry.storedAt > asked.maxAge) return false;
  return asked.minFresh === undefined || entry.freshUntil - now >= asked.minFresh;
}

/**
 * Whether the request takes a response that is past its lifetime. Where it says nothing of that, it takes what every
 * visitor is given.
 * @param given whether every visitor is given it
 */
export function acceptsStale(asked: RequestDirectives, entry: Entry, now: number, given: boolean): boolean {
  if (asked.noCache || asked.minFresh !== undefined) return false;
  if (asked.maxAge !== undefined && (asked.maxStale === undefined || now - entry.storedAt > asked.maxAge))
    return false;
  return asked.maxStale === undefined ? given : now - staleSince(entry) <= asked.maxStale;
}
