import type { Encoded } from './coding';
import type { Grace } from './grace';

/**
 * A stored response: what the handler made, what it was made of, and until when it may be served.
 * Instants are epoch milliseconds; `seq` is a tag clock reading taken before the fill's first read.
 */
export interface Entry {
  readonly key: string;
  /** Readable identity, for people: `/api/articles?populate=*`. Never holds a credential. */
  readonly label: string;
  /** `public`, or the keyed hash of the credential that this response was made for. */
  readonly principal: string;
  readonly status: number;
  /** Flat list name, value, name, value ... in the order they were sent. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly tags: readonly string[];
  readonly storedAt: number;
  readonly freshUntil: number;
  /** What it may be used for past its lifetime; null for nothing. */
  readonly grace: Grace | null;
  /** How long the fill took, milliseconds: what a hit saves. */
  readonly cost: number;
  seq: number;
  /** The clock version at which this entry was last found valid; lets an unchanged clock answer at once. */
  checked: number;
  /** How often it was served from the memory of this process. */
  hits?: number;
  /** The same response in content codings, as far as they were asked for. Held in this process only. */
  encoded?: Encoded;
  /** Since when it is stale although its lifetime is not over, by what this process knows. */
  purgedAt?: number;
}

/** Map slot, LRU links, the object itself and its array headers: measured on Node 20, rounded up. */
const FIXED_BYTES = 768;
/** A string header on a 64-bit heap with pointer compression off. */
const STRING_BYTES = 24;

/** Bytes an entry really holds: body, headers, identity and tags, with V8's own overheads. */
export function entryBytes(entry: Entry): number {
  let bytes = FIXED_BYTES + entry.body.byteLength;
  bytes += STRING_BYTES * 3 + entry.key.length + entry.label.length + entry.principal.length;
  for (const text of entry.headers) bytes += STRING_BYTES + text.length;
  for (const tag of entry.tags) bytes += STRING_BYTES + tag.length;
  const { br, gzip } = entry.encoded ?? {};
  for (const form of [br, gzip]) if (form) bytes += encodedBytes(form);
  return bytes;
}

/** What a form in a coding holds beyond its entry: texts are shared with it, but for two of the headers. */
const encodedBytes = (form: Entry): number =>
  FIXED_BYTES + form.body.byteLength + STRING_BYTES * 4 + form.headers.length * 8;
