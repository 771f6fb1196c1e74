import type { Context } from 'koa';
import type { Entry } from '../core/entry';
import { cacheStatus, type CacheStatus, type Outcome } from '../core/cache-status';

export const CACHE_NAME = 'Strapi';

export interface ReplyHeaders {
  readonly xCache: boolean;
  readonly cacheStatus: boolean;
}

/** Writes what the cache has to say: marks on the handler's own answers, and entries as answers. */
export class Replies {
  private readonly prepared = new WeakMap<Entry, { readonly age: number; readonly fields: string[] }>();

  constructor(private readonly show: ReplyHeaders) {}

  /** Marks a response that goes through the application's stack. */
  mark(ctx: Context, outcome: Outcome, status: CacheStatus): void {
    if (ctx.headerSent) return;
    if (this.show.xCache) ctx.set('X-Cache', outcome);
    if (this.show.cacheStatus) ctx.set('Cache-Status', cacheStatus(CACHE_NAME, status));
  }

  /**
   * Writes an entry straight to the socket. Only where nothing outside has set a header.
   * @param more further fields of this one answer: name, value, name, value ...
   */
  writeRaw(ctx: Context, entry: Entry, now: number, more: readonly string[]): void {
    const { res } = ctx;
    const prepared = this.prepare(entry, now);
    const fields = more.length === 0 ? prepared : prepared.concat(more);
    ctx.respond = false;
    res.writeHead(entry.status, fields);
    res.end(ctx.req.method === 'HEAD' ? undefined : entry.body);
  }

  /** Puts an entry into the Koa response as a hit. */
  putHit(ctx: Context, entry: Entry, now: number, skip?: ReadonlyMap<string, string>): void {
    this.putEntry(ctx, entry, skip);
    const fields = this.hitFields(entry, now);
    for (let i = 0; i < fields.length; i += 2) ctx.set(fields[i] ?? '', fields[i + 1] ?? '');
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
    const length = String(entry.body.byteLength);
    const fields = [...entry.headers, 'Content-Length', length, ...this.hitFields(entry, now)];
    this.prepared.set(entry, { age, fields });
    return fields;
  }

  private hitFields(entry: Entry, now: number): string[] {
    const fields = ['Date', new Date(entry.storedAt).toUTCString(), 'Age', String(ageOf(entry, now))];
    if (this.show.xCache) fields.push('X-Cache', 'HIT');
    if (this.show.cacheStatus) {
      const ttl = Math.floor((entry.freshUntil - now) / 1000);
      fields.push('Cache-Status', cacheStatus(CACHE_NAME, { hit: true, ttl }));
    }
    return fields;
  }
}

/** Whole seconds since the response was made. */
const ageOf = (entry: Entry, now: number): number => Math.max(0, Math.floor((now - entry.storedAt) / 1000));
