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
}

/** Served from the cache: fresh, or past its lifetime. */
type Served = 'HIT' | 'STALE';

/** Writes what the cache has to say: marks on the handler's own answers, and entries as answers. */
export class Replies {
  private readonly prepared = new WeakMap<Entry, Prepared>();
  private readonly preparedForOrigins = new WeakMap<Entry, Prepared | null>();

  constructor(private readonly show: ReplyHeaders) {}

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

  /** The same for a caller who has the response already (RFC 9110 section 15.4.5). */
  writeNotModified(
    ctx: Context,
    entry: Entry,
    now: number,
    more: readonly string[],
    served: Served = 'HIT',
  ): void {
    ctx.respond = false;
    ctx.res.writeHead(304, [...repeatedFields(entry), ...this.hitFields(entry, now, served), ...more]);
    ctx.res.end();
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
    this.mark(ctx, served, statusOf(entry, now, served));
  }

  /** What tells how old a response is that was not made for its caller. */
  putAge(ctx: Context, entry: Entry, now: number): void {
    ctx.set('Date', dateOf(entry));
    ctx.set('Age', String(ageOf(entry, now)));
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

  /**
   * All fields of an answer from the cache. The list of a hit belongs to the entry: it is the same one at the next hit,
   * with another age.
   */
  rawFields(entry: Entry, now: number, served: Served = 'HIT'): readonly string[] {
    if (served === 'STALE') return this.fieldsOf(entry, entry.headers, now, served);
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
    const fields = this.fieldsOf(entry, headers, entry.storedAt, 'HIT');
    return { age: -1, fields, changing: fields.lastIndexOf('Age') + 1 };
  }

  /** What changes with time changes once a second. */
  private aged(prepared: Prepared, entry: Entry, now: number): readonly string[] {
    const age = ageOf(entry, now);
    if (prepared.age === age) return prepared.fields;
    prepared.age = age;
    prepared.fields[prepared.changing] = String(age);
    if (this.show.cacheStatus) prepared.fields[prepared.changing + 2] = hitStatus(entry, now, 'HIT');
    return prepared.fields;
  }

  private fieldsOf(entry: Entry, headers: readonly string[], now: number, served: Served): string[] {
    // RFC 9110 section 8.6: none with 204
    const length = entry.status === 204 ? [] : ['Content-Length', String(entry.body.byteLength)];
    return [...headers, ...length, ...this.hitFields(entry, now, served)];
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
  /** Where the age stands; the cache status is two places further. */
  readonly changing: number;
}

const hitStatus = (entry: Entry, now: number, served: Served): string =>
  cacheStatus(CACHE_NAME, statusOf(entry, now, served));

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

const dateOf = (entry: Entry): string => new Date(entry.storedAt).toUTCString();

/** Whole seconds since the response was made. */
const ageOf = (entry: Entry, now: number): number => Math.max(0, Math.floor((now - entry.storedAt) / 1000));

function statusOf(entry: Entry, now: number, served: Served): CacheStatus {
  if (served === 'HIT') return { hit: true, ttl: Math.floor((entry.freshUntil - now) / 1000) };
  return { hit: true, ttl: Math.floor((staleSince(entry) - now) / 1000), detail: 'stale-while-revalidate' };
}
