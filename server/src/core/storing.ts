import { deltaSeconds, parseCacheControl, type Directives, splitList, parseHttpDate } from './header-values';

/** What the predicate needs to know of a finished response. */
export interface ResponseFacts {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Bytes of the body, or null for a stream or another body that has no length yet. */
  readonly bodyBytes: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface StoringLimits {
  /** Freshness lifetime where the response names none, milliseconds. */
  readonly ttl: number;
  /** Lifetimes of the statuses that are stored because the configuration says so, milliseconds. */
  readonly statusTtl: Readonly<Record<string, number | undefined>>;
  /** For how long it may be served past its lifetime where the response does not say, milliseconds. */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  readonly maxEntryBytes: number;
  /** Request headers that are part of the key, lower case: a response may name them in its `Vary`. */
  readonly keyedHeaders: ReadonlySet<string>;
}

export interface Stored {
  readonly store: true;
  /** Milliseconds, from now. */
  readonly ttl: number;
  /** How old it was already, milliseconds. */
  readonly age: number;
  readonly revalidate: number;
  readonly error: number;
}

export interface NotStored {
  readonly store: false;
  /** Whether those who wait for it may have it: it was not made for its leader alone. */
  readonly share: boolean;
  /** Whether the next response to the same question is likely to be for one caller again. */
  readonly personal: boolean;
  readonly reason: string;
}

export type Verdict = Stored | NotStored;

/** Added to the key or undone on the way out by this plugin, so no reason to refuse. */
const NEUTRAL_VARY = new Set(['origin', 'accept-encoding']);

/** Final answers that stand for the resource itself, and may outlive their lifetime. */
const PLAIN = new Set([200, 203, 204]);

/** The one predicate that decides whether a response may be stored (RFC 9111 section 3). */
export function judgeResponse(facts: ResponseFacts, limits: StoringLimits): Verdict {
  const { status, header, bodyBytes } = facts;
  const directives = parseCacheControl(header('cache-control'));
  const personal = personalReason(facts, directives, limits.keyedHeaders);
  if (personal !== null) return refuse(personal, 'leader');
  const usual = PLAIN.has(status) ? limits.ttl : limits.statusTtl[status];
  if (usual === undefined) return refuse(`status ${status}`, isShared(facts) ? 'all' : 'nobody');
  if (bodyBytes === null) return refuse(PLAIN.has(status) ? 'stream' : `status ${status}`, 'leader');
  if (bodyBytes > limits.maxEntryBytes) return refuse('too-large', 'all');
  const age = /^\d+$/.test(header('age') ?? '') ? Number(header('age')) * 1000 : 0;
  const named = namedLifetime(directives, header, age, facts.now);
  if (named !== null && named.ttl <= 0) return refuse(named.reason, 'all');
  return { store: true, ttl: named?.ttl ?? usual, age, ...windows(status, directives, limits) };
}

/** @param whose who may have it: all that wait for it, its leader alone, or its leader this time */
function refuse(reason: string, whose: 'all' | 'leader' | 'nobody'): NotStored {
  return { store: false, share: whose === 'all', personal: whose === 'leader', reason };
}

/** Errors of the client are the same for all who asked the same. */
const isShared = ({ status, bodyBytes }: ResponseFacts): boolean =>
  bodyBytes !== null && status >= 400 && status < 500;

/** What makes a response one for its own caller. */
function personalReason(
  { header }: ResponseFacts,
  directives: Directives,
  keyed: ReadonlySet<string>,
): string | null {
  if (header('set-cookie') !== undefined) return 'set-cookie';
  for (const name of ['private', 'no-store', 'no-cache']) if (directives.has(name)) return name;
  for (const written of splitList(header('vary') ?? '')) {
    const name = written.toLowerCase();
    if (!NEUTRAL_VARY.has(name) && !keyed.has(name)) return `vary ${name}`;
  }
  return null;
}

/** The lifetime that the response itself names (RFC 9111 section 4.2.1), less the age that it came with. */
function namedLifetime(
  directives: Directives,
  header: ResponseFacts['header'],
  age: number,
  now: number,
): { readonly ttl: number; readonly reason: string } | null {
  const seconds = deltaSeconds(directives, 's-maxage') ?? deltaSeconds(directives, 'max-age');
  if (seconds !== undefined)
    return { ttl: seconds * 1000 - age, reason: seconds === 0 ? 'max-age=0' : 'age' };
  const expires = header('expires');
  if (expires === undefined) return null;
  const made = parseHttpDate(header('date')) ?? now;
  return { ttl: (parseHttpDate(expires) ?? 0) - made - age, reason: 'expires' };
}

/**
 * For how long it may be served past its lifetime. A response that forbids it (RFC 9111 section 4.2.4) gets no window
 * from the configuration, but the one that it names itself (RFC 5861).
 */
function windows(
  status: number,
  directives: Directives,
  limits: StoringLimits,
): { readonly revalidate: number; readonly error: number } {
  if (!PLAIN.has(status)) return { revalidate: 0, error: 0 };
  if (directives.size === 0) return { revalidate: limits.staleWhileRevalidate, error: limits.staleIfError };
  const forbidden = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name));
  const window = (name: string, configured: number): number => {
    const seconds = deltaSeconds(directives, name);
    return seconds === undefined ? (forbidden ? 0 : configured) : seconds * 1000;
  };
  return {
    revalidate: window('stale-while-revalidate', limits.staleWhileRevalidate),
    error: window('stale-if-error', limits.staleIfError),
  };
}
