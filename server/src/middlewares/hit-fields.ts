import { cacheStatus, type CacheStatus } from '../core/cache-status';
import type { Entry } from '../core/entry';
import { staleSince } from '../core/grace';

export const CACHE_NAME = 'Strapi';

export interface ReplyHeaders {
  readonly xCache: boolean;
  readonly cacheStatus: boolean;
  /** Both only for requests that carry this field, lower case. */
  readonly debug?: string | undefined;
}

/** Served from the cache: fresh, or past its lifetime. */
export type Served = 'HIT' | 'STALE';

/** What is said anew of an entry each time it is served, as a flat list. */
export function changingFields(entry: Entry, now: number, served: Served, show: ReplyHeaders): string[] {
  const fields = ['Age', String(ageOf(entry, now)), 'Date', dateOf(entry)];
  if (show.cacheStatus) fields.push('Cache-Status', relayed(entry.headers) + statusOf(entry, now, served));
  if (show.xCache) fields.push('X-Cache', served);
  return fields;
}

/** Stored fields; what the handler relayed of other caches stands in our own `Cache-Status`. */
export function lastingFields(headers: readonly string[], { cacheStatus }: ReplyHeaders): readonly string[] {
  if (!cacheStatus || relayed(headers) === '') return headers;
  return headers.filter((_text, i) => !isCacheStatus(headers[i - (i % 2)]));
}

/** Our own member of `Cache-Status`. */
export const statusOf = (entry: Entry, now: number, served: Served): string =>
  cacheStatus(CACHE_NAME, servedStatus(entry, now, served));

export function servedStatus(entry: Entry, now: number, served: Served): CacheStatus {
  if (served === 'HIT') return { hit: true, ttl: Math.floor((entry.freshUntil - now) / 1000) };
  return { hit: true, ttl: Math.floor((staleSince(entry) - now) / 1000), detail: 'stale-while-revalidate' };
}

/** Whole seconds since the response was made. */
export const ageOf = (entry: Entry, now: number): number =>
  Math.max(0, Math.floor((now - entry.storedAt) / 1000));

export const dateOf = (entry: Entry): string => new Date(entry.storedAt).toUTCString();

/** RFC 9110 section 8.6: a 204 has none. */
export const lengthOf = (entry: Entry): string[] =>
  entry.status === 204 ? [] : ['Content-Length', String(entry.body.byteLength)];

const isCacheStatus = (name: string | undefined): boolean => name?.toLowerCase() === 'cache-status';

/** Members of caches before this one. They stand first (RFC 9211 section 2). */
export function relayed(headers: readonly string[]): string {
  let members = '';
  for (let i = 0; i + 1 < headers.length; i += 2)
    if (isCacheStatus(headers[i])) members += `${headers[i + 1]}, `;
  return members;
}
