import { shortDigest } from './digest';
import { parseHttpDate } from './header-values';

/** What a request says about the representation that it has. */
export interface Preconditions {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
}

export interface Validators {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/**
 * Whether a GET or HEAD is answered with 304 instead of 200 (RFC 9110 section 13.2.2). `If-Match` and
 * `If-Unmodified-Since` are for origins and not evaluated (RFC 9111 section 4.3.2).
 */
export function notModified(asked: Preconditions, has: Validators): boolean {
  if (asked.ifNoneMatch !== undefined) return etagListed(asked.ifNoneMatch, has.etag);
  const since = parseHttpDate(asked.ifModifiedSince);
  const changed = parseHttpDate(has.lastModified);
  return since !== null && changed !== null && changed <= since;
}

const ENTITY_TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\uffff]*)"/;

/** Whether an entity tag is in an `If-None-Match`, by weak comparison (RFC 9110 sections 8.8.3.2 and 13.1.2). */
export function etagListed(list: string, etag: string | undefined): boolean {
  if (list.trim() === '*') return true;
  const own = etag === undefined ? undefined : ENTITY_TAG.exec(etag)?.[1];
  if (own === undefined) return false;
  // Read from tag to tag: a comma may stand inside of one.
  for (let rest = list.replace(/^[\s,]+/, ''); rest !== '';) {
    const [whole, opaque] = ENTITY_TAG.exec(rest) ?? [];
    if (whole === undefined) return false;
    const behind = rest.slice(whole.length);
    if (!/^\s*(,|$)/.test(behind)) return false;
    if (opaque === own) return true;
    rest = behind.replace(/^[\s,]+/, '');
  }
  return false;
}

/** A weak entity tag for the bytes of a response: compression may change them later without changing what they say. */
export const weakEtag = (body: Buffer): string => `W/"${shortDigest(body)}"`;
