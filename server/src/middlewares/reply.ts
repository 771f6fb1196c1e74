import type { Context } from 'koa';
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
  private readonly prepared = new WeakMap<Entry, { readonly age: number; readonly fields: string[] }>();

  constructor(private readonly show: ReplyHeaders) {}

  /** Marks a response that goes through the application's stack. A member that the handler relayed stands first. */
  mark(ctx: Context, outcome: Outcome, status: CacheStatus): void {
    if (ctx.headerSent) return;
    if (this.show.xCache) ctx.set('X-Cache', outcome);
    if (this.show.cacheStatus) ctx.append('Cache-Status', cacheStatus(CACHE_NAME, status));
  }

  /**
   * Writes an entry straight to the socket. Only where nothing outside has set a header.
   * @param more further fields of this one answer: name, value, name, value ...
   */
  writeRaw(ctx: Context, entry: Entry, now: number, more: readonly string[], served: Served = 'HIT'): void {
    const { res } = ctx;
    const prepared = served === 'HIT' ? this.prepare(entry, now) : this.fieldsOf(entry, now, served);
    const fields = more.length === 0 ? prepared : prepared.concat(more);
    ctx.respond = false;
    res.writeHead(entry.status, fields);
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

  /** All fields of a hit. They change once a second, so a busy entry has them made once a second. */
  private prepare(entry: Entry, now: number): string[] {
    const age = ageOf(entry, now);
    const known = this.prepared.get(entry);
    if (known?.age === age) return known.fields;
    const fields = this.fieldsOf(entry, now, 'HIT');
    this.prepared.set(entry, { age, fields });
    return fields;
  }

  private fieldsOf(entry: Entry, now: number, served: Served): string[] {
    // RFC 9110 section 8.6: none with 204
    const length = entry.status === 204 ? [] : ['Content-Length', String(entry.body.byteLength)];
    return [...entry.headers, ...length, ...this.hitFields(entry, now, served)];
  }

  private hitFields(entry: Entry, now: number, served: Served): string[] {
    const fields = ['Date', dateOf(entry), 'Age', String(ageOf(entry, now))];
    if (this.show.xCache) fields.push('X-Cache', served);
    if (this.show.cacheStatus)
      fields.push('Cache-Status', cacheStatus(CACHE_NAME, statusOf(entry, now, served)));
    return fields;
  }
}

const dateOf = (entry: Entry): string => new Date(entry.storedAt).toUTCString();

/** Whole seconds since the response was made. */
const ageOf = (entry: Entry, now: number): number => Math.max(0, Math.floor((now - entry.storedAt) / 1000));

function statusOf(entry: Entry, now: number, served: Served): CacheStatus {
  if (served === 'HIT') return { hit: true, ttl: Math.floor((entry.freshUntil - now) / 1000) };
  return { hit: true, ttl: Math.floor((staleSince(entry) - now) / 1000), detail: 'stale-while-revalidate' };
}
