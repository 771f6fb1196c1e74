import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'koa';
import { cacheStatus, type CacheStatus, type Outcome } from '../core/cache-status';
import type { Entry } from '../core/entry';
import {
  ageOf,
  CACHE_NAME,
  dateOf,
  HitResponses,
  servedStatus,
  type ReplyHeaders,
  type Served,
} from './hit-response';

/** Writes what the cache has to say: marks on the handler's own answers, and entries as answers. */
export class Replies {
  /** Hits that need nothing of the stack. */
  readonly hits: HitResponses;
  private readonly silent: Replies | null;

  constructor(private readonly show: ReplyHeaders) {
    const { debug } = show;
    this.hits = new HitResponses(show);
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
    if (!this.show.cacheStatus) return;
    const before = ctx.res.getHeader('Cache-Status');
    const own = cacheStatus(CACHE_NAME, status);
    ctx.set('Cache-Status', before === undefined ? own : [before, own].flat().map(String));
  }

  /** Puts an entry into the Koa response as a hit. */
  putHit(
    ctx: Context,
    entry: Entry,
    now: number,
    skip?: ReadonlyMap<string, string>,
    served: Served = 'HIT',
  ): void {
    this.putAged(ctx, entry, now, skip);
    this.mark(ctx, served, servedStatus(entry, now, served));
  }

  /** Puts an entry, and how old it is: it was not made for its caller. */
  putAged(ctx: Context, entry: Entry, now: number, skip?: ReadonlyMap<string, string>): void {
    this.putEntry(ctx, entry, skip);
    ctx.set('Age', String(ageOf(entry, now)));
    ctx.set('Date', dateOf(entry));
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
}
