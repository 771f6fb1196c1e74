import type { MissReason } from './store';

/** What happened to a request, for `X-Cache`. */
export type Outcome = 'HIT' | 'STALE' | 'MISS' | 'BYPASS';

/** Why a request went past the cache to the handler (RFC 9211 section 2.2). */
export type Forward = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'stale' | 'request';

export interface CacheStatus {
  readonly hit?: boolean;
  readonly fwd?: Forward;
  /** Status of the handler's answer, where another one is sent in its place. */
  readonly fwdStatus?: number;
  readonly stored?: boolean;
  readonly collapsed?: boolean;
  /** Whole seconds of freshness left; negative when stale. */
  readonly ttl?: number;
  readonly detail?: string;
}

/** One `Cache-Status` member (RFC 9211) as a structured field item (RFC 9651). */
export function cacheStatus(cacheName: string, status: CacheStatus): string {
  let text = cacheName;
  if (status.hit) text += '; hit';
  else if (status.fwd) text += `; fwd=${status.fwd}`;
  if (status.fwdStatus !== undefined) text += `; fwd-status=${status.fwdStatus}`;
  if (status.stored) text += '; stored';
  if (status.collapsed) text += '; collapsed';
  if (status.ttl !== undefined) text += `; ttl=${Math.trunc(status.ttl)}`;
  if (status.detail) text += `; detail=${tokenOrString(status.detail)}`;
  return text;
}

const TOKEN = /^[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*$/;

function tokenOrString(text: string): string {
  if (TOKEN.test(text)) return text;
  const printable = text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  return `"${printable.replace(/[\\"]/g, '\\$&')}"`;
}

/** A purged or expired entry is a stale one to a reader of `Cache-Status` (RFC 9211 section 2.2). */
export const forwardOf = (reason: MissReason): Forward =>
  reason === 'expired' || reason === 'purged' ? 'stale' : 'uri-miss';
