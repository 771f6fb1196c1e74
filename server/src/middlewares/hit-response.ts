import type { IncomingMessage, ServerResponse } from 'node:http';
import { cacheStatus, type CacheStatus } from '../core/cache-status';
import type { Entry } from '../core/entry';
import { staleSince } from '../core/grace';
import type { Validators } from '../core/preconditions';
import { isConditional, matches, repeatedFields, validatorsOf } from './not-modified';
import type { CorsAnswer } from './surroundings';

export const CACHE_NAME = 'Strapi';

export interface ReplyHeaders {
  readonly xCache: boolean;
  readonly cacheStatus: boolean;
  /** Both only for requests that carry this field, lower case. */
  readonly debug?: string | undefined;
}

/** Served from the cache: fresh, or past its lifetime. */
export type Served = 'HIT' | 'STALE';

/** A hit as it goes to the client. */
export interface HitResponse {
  readonly status: number;
  /** Name, value, name, value ... The list changes with the age of the entry: write it in the tick that asked for it. */
  readonly fields: readonly string[];
  readonly body: Buffer | undefined;
}

/**
 * Writes a hit.
 * @param more fields of this one answer: name, value, name, value ...
 */
export function writeHit(res: ServerResponse, hit: HitResponse, more: readonly string[]): void {
  const fields = (more.length === 0 ? hit.fields : hit.fields.concat(more)) as string[];
  if (res.getHeaderNames().length === 0) {
    res.writeHead(hit.status, fields);
  } else {
    // A listener of the server has set fields. Node 20 would keep only the last of several values of one name.
    for (let i = 0; i < fields.length; i += 2) res.removeHeader(fields[i]!);
    for (let i = 0; i < fields.length; i += 2) res.appendHeader(fields[i]!, fields[i + 1]!);
    res.writeHead(hit.status);
  }
  res.end(hit.body);
}

/** Prepares hits: the fields that stay are put together once per entry, those that change with its age once a second. */
export class HitResponses {
  private readonly prepared = new WeakMap<Entry, PreparedEntry>();

  constructor(private readonly show: ReplyHeaders) {}

  /**
   * @param cors the answer of CORS to the origin of the request; null where CORS does not look at it
   * @returns null where that answer cannot stand beside the stored fields
   */
  of(
    entry: Entry,
    req: IncomingMessage,
    now: number,
    served: Served,
    cors: CorsAnswer | null,
  ): HitResponse | null {
    let prepared = this.prepared.get(entry);
    if (prepared === undefined) this.prepared.set(entry, (prepared = new PreparedEntry(entry, this.show)));
    const complete = cors === null ? prepared.complete : prepared.withoutCorsOf(cors.ofFill);
    if (complete === null) return null;
    const unchanged = isConditional(req) && entry.status === 200 && matches(req.headers, prepared.validators);
    const fields = (unchanged ? prepared.notModified : complete).at(now, served);
    return {
      status: unchanged ? 304 : entry.status,
      fields: cors === null ? fields : fields.concat(cors.fields),
      body: unchanged || req.method === 'HEAD' ? undefined : entry.body,
    };
  }
}

/** The lists of fields that answers of one entry begin with. Most entries need the first one only. */
class PreparedEntry {
  private whole: HitFields | null = null;
  private crossOrigin: HitFields | null | undefined;
  private unchanged: HitFields | null = null;
  private known: Validators | null = null;

  constructor(
    private readonly entry: Entry,
    private readonly show: ReplyHeaders,
  ) {}

  get complete(): HitFields {
    return (this.whole ??= this.ofBody(this.entry.headers));
  }

  /**
   * The same without what CORS has said to the fill, which had no origin.
   * @param ofFill fields by their names in lower case
   */
  withoutCorsOf(ofFill: ReadonlyMap<string, string>): HitFields | null {
    if (this.crossOrigin === undefined) {
      const headers = withoutCors(this.entry.headers, ofFill);
      this.crossOrigin = headers && this.ofBody(headers);
    }
    return this.crossOrigin;
  }

  get notModified(): HitFields {
    return (this.unchanged ??= new HitFields(this.entry, this.show, repeatedFields(this.entry)));
  }

  get validators(): Validators {
    return (this.known ??= validatorsOf(this.entry));
  }

  private ofBody(headers: readonly string[]): HitFields {
    const { entry, show } = this;
    // RFC 9110 section 8.6: a 204 has no length
    const length = entry.status === 204 ? [] : ['Content-Length', String(entry.body.byteLength)];
    return new HitFields(entry, show, [...lastingFields(headers, show), ...length]);
  }
}

/** One list of fields that begins with what an entry says of its age. */
class HitFields {
  private readonly fields: string[];
  private age = -1;
  private ttl = 0;
  private served: Served | null = null;

  constructor(
    private readonly entry: Entry,
    private readonly show: ReplyHeaders,
    lasting: readonly string[],
  ) {
    this.fields = [...changingFields(entry, 0, 'HIT', show), ...lasting];
  }

  at(now: number, served: Served): readonly string[] {
    const age = ageOf(this.entry, now);
    const ttl = ttlOf(this.entry, now, served);
    if (age !== this.age || ttl !== this.ttl || served !== this.served) {
      this.age = age;
      this.ttl = ttl;
      this.served = served;
      const changing = changingFields(this.entry, now, served, this.show);
      for (let i = 0; i < changing.length; i++) this.fields[i] = changing[i]!;
    }
    return this.fields;
  }
}

function changingFields(entry: Entry, now: number, served: Served, show: ReplyHeaders): string[] {
  const fields = ['Age', String(ageOf(entry, now)), 'Date', dateOf(entry)];
  const own = (): string => cacheStatus(CACHE_NAME, servedStatus(entry, now, served));
  if (show.cacheStatus) fields.push('Cache-Status', relayed(entry.headers) + own());
  if (show.xCache) fields.push('X-Cache', served);
  return fields;
}

/** Stored fields; what the handler relayed of other caches stands in our own `Cache-Status`. */
function lastingFields(headers: readonly string[], { cacheStatus }: ReplyHeaders): readonly string[] {
  if (!cacheStatus || relayed(headers) === '') return headers;
  return headers.filter((_text, i) => !isCacheStatus(headers[i - (i % 2)]));
}

export function servedStatus(entry: Entry, now: number, served: Served): CacheStatus {
  const ttl = ttlOf(entry, now, served);
  return served === 'HIT' ? { hit: true, ttl } : { hit: true, ttl, detail: 'stale-while-revalidate' };
}

/** Whole seconds of freshness left. */
const ttlOf = (entry: Entry, now: number, served: Served): number =>
  Math.floor(((served === 'HIT' ? entry.freshUntil : staleSince(entry)) - now) / 1000);

/** Whole seconds since the response was made. */
export const ageOf = (entry: Entry, now: number): number =>
  Math.max(0, Math.floor((now - entry.storedAt) / 1000));

export const dateOf = (entry: Entry): string => new Date(entry.storedAt).toUTCString();

const isCacheStatus = (name: string | undefined): boolean => name?.toLowerCase() === 'cache-status';

/** Members of caches before this one. They stand first (RFC 9211 section 2). */
function relayed(headers: readonly string[]): string {
  let members = '';
  for (let i = 0; i + 1 < headers.length; i += 2)
    if (isCacheStatus(headers[i])) members += `${headers[i + 1]}, `;
  return members;
}

/** @returns null when CORS fields are left that are not from the fill, or `Vary` does not name the origin yet */
function withoutCors(headers: readonly string[], ofFill: ReadonlyMap<string, string>): string[] | null {
  const left: string[] = [];
  let varies = false;
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = [headers[i], headers[i + 1]];
    const lower = name.toLowerCase();
    if (ofFill.get(lower) === value) continue;
    if (lower.startsWith('access-control-')) return null;
    varies ||= lower === 'vary' && /(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(value);
    left.push(name, value);
  }
  return varies ? left : null;
}
