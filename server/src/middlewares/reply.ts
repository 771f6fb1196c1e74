import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'koa';
import type { FrontContext } from './front-context';
import type { Entry } from '../core/entry';
import { staleSince } from '../core/grace';
import { cacheStatus, type CacheStatus, type Outcome } from '../core/cache-status';

import { repeatedFields } from './not-modified';

export const CACHE_NAME = 'Strapi';

export interface ReplyHeaders {
  readonly xCache: boolean;
  readonly cacheStatus: boolean;
  /** Both only for requests that carry this field, lower case. */
  readonly debug?: string | undefined;
}

/** Served from the cache: fresh, or past its lifetime. */
export type Served = 'HIT' | 'STALE';

/** Writes what the cache has to say: marks on the handler's own answers, and entries as answers. */
export class Replies {
  private readonly prepared = new WeakMap<Entry, Prepared>();
  private readonly preparedForOrigins = new WeakMap<Entry, Prepared | null>();

  private readonly silent: Replies | null;

  constructor(private readonly show: ReplyHeaders) {
    const { debug } = show;
    this.silent = debug === undefined ? null : new Replies({ xCache: false, cacheStatus: false });
  }

  /** What a request is shown: all, or, without the field that asks for it, nothing of the cache's own marks. */
  for({ headers }: { readonly headers: IncomingHttpHeaders }): Replies {
    return this.silent === null || headers[this.show.debug ?? ''] !== undefined ? this : this.silent;
  }

  /** Marks a response that goes through the application's stack. A member that the handler relayed stands first. */
  mark(ctx: Context, outcome: Outcome, status: CacheStatus): void {
    if (ctx.headerSent) return;
    if (this.show.xCache) ctx.set('X-Cache', outcome);
    if (this.show.cacheStatus) ctx.append('Cache-Status', cacheStatus(CACHE_NAME, status));
  }

  /**
   * Writes an entry straight to the socket. Only where nothing outside has set a header.
   * @param fields from `rawFields` or `rawFieldsForOrigin`, to be used in the same tick
   * @param more further fields of this one answer: name, value, name, value ...
   */
  writeRaw(
    ctx: Context | FrontContext,
    entry: Entry,
    fields: readonly string[],
    more: readonly string[],
  ): void {
    const { res } = ctx;
    ctx.respond = false;
    res.writeHead(entry.status, (more.length === 0 ? fields : fields.concat(more)) as string[]);
    res.end(ctx.req.method === 'HEAD' ? undefined : entry.body);
  }

  /** Puts an entry into the Koa response as a hit. */
  putHit(
    ctx: Context,
    entry: Entry,
    now: number,
    skip?: ReadonlyMap<string, string>,
    served: Served = 'HIT',
  ): void {
    this.putEntry(ctx, entry, skip);
    this.putAge(ctx, entry, now);
    this.mark(ctx, served, servedStatus(entry, now, served));
  }

  /** What tells how old a response is that was not made for its caller. */
  putAge(ctx: Context, entry: Entry, now: number): void {
    ctx.set('Age', String(ageOf(entry, now)));
    ctx.set('Date', dateOf(entry));
  }

  /** Answers a caller who has the response already (RFC 9110 section 15.4.5), straight to the socket. */
  writeNotModified(ctx: Context, entry: Entry, now: number, more: readonly string[], served: Served): void {
    ctx.respond = false;
    ctx.res.writeHead(304, [...this.hitFields(entry, now, served), ...repeatedFields(entry), ...more]);
    ctx.res.end();
  }

  /**
   * Puts an entry into the Koa response.
   * @param skip fields to leave out where they have these values
   */
  putEntry(ctx: Context, entry: Entry, skip?: ReadonlyMap<string, string>): void {
    const grouped = new Map<string, string[]>();
    for (let i = 0; i < entry.headers.length; i += 2) {
      const name = entry.headers[i] ?? '';
      const value = entry.headers[i + 1] ?? '';
      if (skip?.get(name.toLowerCase()) === value) continue;
      const values = grouped.get(name);
      if (values) values.push(value);
      else grouped.set(name, [value]);
    }
    ctx.status = entry.status;
    for (const [name, values] of grouped) ctx.set(name, values.length === 1 ? (values[0] ?? '') : values);
    ctx.body = entry.body;
  }

  /** All fields of an answer that is past its lifetime. */
  staleFields(entry: Entry, now: number): readonly string[] {
    return [...this.hitFields(entry, now, 'STALE'), ...this.lasting(entry.headers), ...lengthOf(entry)];
  }

  /** All fields of a hit. The list belongs to the entry: it is the same one at the next hit, with another age. */
  rawFields(entry: Entry, now: number): readonly string[] {
    let prepared = this.prepared.get(entry);
    if (!prepared) this.prepared.set(entry, (prepared = this.prepare(entry, entry.headers)));
    return this.aged(prepared, entry, now);
  }

  /**
   * The same without what `strapi::cors` has said to the fill, which had no `Origin`: for its answer to an actual one.
   * @param ofFill fields by their names in lower case
   * @returns null where that answer cannot simply be put beside the others
   */
  rawFieldsForOrigin(
    entry: Entry,
    now: number,
    ofFill: ReadonlyMap<string, string>,
  ): readonly string[] | null {
    let prepared = this.preparedForOrigins.get(entry);
    if (prepared === undefined) {
      const headers = withoutCors(entry.headers, ofFill);
      prepared = headers && this.prepare(entry, headers);
      this.preparedForOrigins.set(entry, prepared);
    }
    return prepared && this.aged(prepared, entry, now);
  }

  private prepare(entry: Entry, headers: readonly string[]): Prepared {
    const fields = [
      ...this.hitFields(entry, entry.storedAt, 'HIT'),
      ...this.lasting(headers),
      ...lengthOf(entry),
    ];
    return { age: -1, fields };
  }

  /** What changes with time stands at the beginning of a list, and changes once a second. */
  private aged(prepared: Prepared, entry: Entry, now: number): readonly string[] {
    const age = ageOf(entry, now);
    if (prepared.age === age) return prepared.fields;
    prepared.age = age;
    prepared.fields[AGE] = String(age);
    if (this.show.cacheStatus) prepared.fields[CACHE_STATUS] = hitStatus(entry, now, 'HIT');
    return prepared.fields;
  }

  /** Stored fields; what the handler relayed of other caches stands in our own `Cache-Status`. */
  private lasting(headers: readonly string[]): readonly string[] {
    if (!this.show.cacheStatus || relayed(headers) === '') return headers;
    return headers.filter((_text, i) => !isCacheStatus(headers[i - (i % 2)]));
  }

  private hitFields(entry: Entry, now: number, served: Served): string[] {
    const fields = ['Age', String(ageOf(entry, now))];
    if (this.show.cacheStatus) fields.push('Cache-Status', hitStatus(entry, now, served));
    fields.push('Date', dateOf(entry));
    if (this.show.xCache) fields.push('X-Cache', served);
    return fields;
  }
}

interface Prepared {
  age: number;
  readonly fields: string[];
}

/** Places in the list of `hitFields`. */
const AGE = 1;
const CACHE_STATUS = 3;

const dateOf = (entry: Entry): string => new Date(entry.storedAt).toUTCString();

/** RFC 9110 section 8.6: a 204 has none. */
const lengthOf = (entry: Entry): string[] =>
  entry.status === 204 ? [] : ['Content-Length', String(entry.body.byteLength)];

const isCacheStatus = (name: string | undefined): boolean => name?.toLowerCase() === 'cache-status';

/** Members of caches before this one. They stand first (RFC 9211 section 2). */
function relayed(headers: readonly string[]): string {
  let members = '';
  for (let i = 0; i + 1 < headers.length; i += 2)
    if (isCacheStatus(headers[i])) members += `${headers[i + 1]}, `;
  return members;
}

const hitStatus = (entry: Entry, now: number, served: Served): string =>
  relayed(entry.headers) + cacheStatus(CACHE_NAME, servedStatus(entry, now, served));

function servedStatus(entry: Entry, now: number, served: Served): CacheStatus {
  if (served === 'HIT') return { hit: true, ttl: Math.floor((entry.freshUntil - now) / 1000) };
  return { hit: true, ttl: Math.floor((staleSince(entry) - now) / 1000), detail: 'stale-while-revalidate' };
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

/** Whole seconds since the response was made. */
const ageOf = (entry: Entry, now: number): number => Math.max(0, Math.floor((now - entry.storedAt) / 1000));
