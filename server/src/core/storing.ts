import { deltaSeconds, parseCacheControl } from './cache-control';

/** What the predicate needs to know of a finished response. */
export interface ResponseFacts {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Bytes of the body, or null for a stream or another body that has no length yet. */
  readonly bodyBytes: number | null;
}

export interface StoringLimits {
  /** Freshness lifetime where the response names none, milliseconds. */
  readonly ttl: number;
  readonly maxEntryBytes: number;
  /** Request headers that are part of the key, lower case. */
  readonly keyedHeaders: ReadonlySet<string>;
}

/** Followers may be given a response that is not stored, but never one that was made for its leader alone. */
export type Verdict =
  | { readonly store: true; readonly ttl: number }
  | { readonly store: false; readonly share: boolean; readonly reason: string };

/** Added to the key or undone on the way out by this plugin, so no reason to refuse. */
const NEUTRAL_VARY = new Set(['origin', 'accept-encoding']);

/** The one predicate that decides whether a response may be stored (HTTP: RFC 9111 section 3). */
export function judgeResponse(facts: ResponseFacts, limits: StoringLimits): Verdict {
  const refuse = (reason: string, share = false): Verdict => ({ store: false, share, reason });

  if (facts.header('set-cookie') !== undefined) return refuse('set-cookie');
  const directives = parseCacheControl(facts.header('cache-control'));
  for (const name of ['private', 'no-store', 'no-cache']) if (directives.has(name)) return refuse(name);
  for (const name of varyNames(facts.header('vary')))
    if (!NEUTRAL_VARY.has(name) && !limits.keyedHeaders.has(name)) return refuse(`vary ${name}`);
  if (facts.bodyBytes === null) return refuse(facts.status === 200 ? 'stream' : `status ${facts.status}`);
  if (facts.status !== 200)
    return refuse(`status ${facts.status}`, facts.status >= 400 && facts.status < 500);
  if (facts.bodyBytes > limits.maxEntryBytes) return refuse('too-large', true);

  const seconds = deltaSeconds(directives, 's-maxage') ?? deltaSeconds(directives, 'max-age');
  const ttl = seconds === undefined ? limits.ttl : seconds * 1000;
  return ttl > 0 ? { store: true, ttl } : refuse('max-age=0', true);
}

function varyNames(header: string | undefined): string[] {
  if (!header) return [];
  return header
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
}
