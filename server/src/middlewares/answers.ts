import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import type { CacheStatus, Forward } from '../core/cache-status';
import type { Entry } from '../core/entry';
import { responseFields } from './capture';
import { writeHit } from './hit-response';
import { lead, type LeadOptions } from './leading';
import { omitWhatIsKnown } from './not-modified';
import type { CachingParts, Visit } from './parts';
import type { RefreshTicket } from './refreshing';
import { runOrStandIn, standIn } from './stand-in';
import type { Surroundings } from './surroundings';

const DONE = Promise.resolve();
const NO_FIELDS: readonly string[] = [];

/** Answers: from the cache, and from the handler, once for all who wait, by itself, or behind a stale response. */
export class Answers {
  constructor(private readonly parts: CachingParts) {}

  hit(visit: Visit, entry: Entry): Promise<void> {
    const { observer } = this.parts;
    const done = this.serve(visit, entry, 'HIT');
    observer.hit(visit.plan.route, entry, visit.now, visit.begun);
    return done;
  }

  /** Answers with what is no longer fresh, and has it made anew behind the back of the caller. */
  stale(visit: Visit, entry: Entry): Promise<void> {
    const { observer, refreshing } = this.parts;
    const done = this.serve(visit, entry, 'STALE');
    observer.stale(visit.plan.route, entry, visit.now, visit.begun);
    refreshing.start(visit);
    return done;
  }

  /** The caller wants nothing but a stored response (RFC 9111 section 5.2.1.7). */
  notCached({ ctx, site }: Visit, fwd: Forward): Promise<void> {
    const message = 'Not in the cache, and the request allows nothing else';
    ctx.status = 504;
    ctx.body = { data: null, error: { status: 504, name: 'GatewayTimeoutError', message, details: {} } };
    this.parts.replies.for(ctx.req).mark(ctx, 'MISS', { fwd, detail: 'only-if-cached' });
    return site.kind === 'edge' ? site.surroundings.apply(ctx) : DONE;
  }

  async fill(visit: Visit, options: LeadOptions): Promise<void> {
    const { ctx, site, key, plan } = visit;
    const { fills, observer } = this.parts;
    const replies = this.parts.replies.for(ctx.req);
    const { fwd } = options;
    const role = await fills.run(key, (seq) => lead(this.parts, visit, seq, options));
    if (role.role === 'leader') {
      observer.filled(plan.route, visit.now, visit.begun);
      return this.finish(visit);
    }
    if (role.role === 'alone') {
      if (role.reason === 'failed' && standIn(this.parts, visit, null, 503)) return this.finish(visit);
      return this.forward(visit, { fwd, detail: role.reason });
    }
    observer.coalesced(plan.route, visit.now);
    const put = (skip?: ReadonlyMap<string, string>): void => {
      replies.putEntry(ctx, role.entry, skip);
      replies.mark(ctx, 'MISS', { fwd, collapsed: true });
    };
    if (site.kind === 'edge') return this.putInside(ctx, site.surroundings, put);
    put();
    omitWhatIsKnown(ctx);
  }

  /** Leaves a request to the handler alone. */
  async forward(visit: Visit, status: CacheStatus): Promise<void> {
    const { ctx, site, plan } = visit;
    const outer = responseFields(ctx);
    this.parts.replies.for(ctx.req).mark(ctx, 'MISS', status);
    const ran = await runOrStandIn(this.parts, visit, outer, visit.next);
    if (ran === 'replaced') return site.kind === 'edge' ? this.finish(visit) : omitWhatIsKnown(ctx);
    if (!ctx.headerSent && ctx.respond !== false) ctx.vary([...plan.treatment.vary]);
  }

  /** Makes a response anew for the refresh that the request was made for. Nobody sees the reply. */
  async refresh(visit: Visit, ticket: RefreshTicket): Promise<void> {
    const { ctx, key, plan } = visit;
    const { fills, observer, store, now } = this.parts;
    if (key !== ticket.key) return; // what stands outside of the lookup made another question of it
    const role = await fills.run(key, async (seq) => {
      ticket.outcome = 'failed';
      try {
        const led = await lead(this.parts, visit, seq, { fwd: 'stale', noStore: false });
        ticket.outcome = led.outcome;
        return led;
      } finally {
        observer.refreshed(plan.route, now());
      }
    });
    if (role.role !== 'leader') ctx.status = 204;
    // The application now says something that must not be stored: what it said before is over.
    if (ticket.outcome === 'refused') await store.delete(key);
  }

  private serve({ ctx, site, now }: Visit, entry: Entry, served: 'HIT' | 'STALE'): Promise<void> {
    const { gate, codings } = this.parts;
    const replies = this.parts.replies.for(ctx.req);
    if (site.kind === 'route') {
      replies.putHit(ctx, entry, now, undefined, served);
      omitWhatIsKnown(ctx);
      return DONE;
    }
    const { surroundings } = site;
    const { alone } = surroundings;
    const hit = alone ? surroundings.rawHit(ctx.req, entry, now, served) : null;
    if (hit !== null) {
      ctx.respond = false;
      writeHit(ctx.res, hit, gate ? gate.fields(ctx) : NO_FIELDS);
      return DONE;
    }
    // what stands outside of a lookup that is not outermost may look at the body
    const shown = alone && codings ? codings.shown(ctx.req.headers, entry) : entry;
    return this.putInside(ctx, surroundings, (skip) => replies.putHit(ctx, shown, now, skip, served));
  }

  /** Puts a reply and then what Strapi's own middlewares inside of the lookup would have added to it. */
  private async putInside(
    ctx: Context,
    surroundings: Surroundings,
    put: (skip?: ReadonlyMap<string, string>) => void,
  ): Promise<void> {
    put(ctx.req.headers.origin === undefined ? undefined : await surroundings.corsFields());
    omitWhatIsKnown(ctx);
    await surroundings.apply(ctx);
  }

  private finish({ ctx, site }: Visit): Promise<void> | undefined {
    omitWhatIsKnown(ctx);
    return site.kind === 'edge' ? site.surroundings.applyAfterFill(ctx) : undefined;
  }
}

/** After a response that could not be shared, callers of its key do not wait for each other for so long. */
const PASS_MS = 10_000;
/** The longest time that a follower waits for its leader. */
const PATIENCE_MS = 10_000;

/** Keys whose last response was for one caller. */
export function passList(): { has(key: string): boolean; add(key: string): void } {
  const keys = new LRUCache<string, true>({ max: 10_000, ttl: PASS_MS });
  return { has: (key) => keys.has(key), add: (key) => void keys.set(key, true) };
}

/** The longest wait of one follower. */
export function patience(): { over: Promise<'slow'>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'slow'>((resolve) => {
    timer = setTimeout(() => resolve('slow'), PATIENCE_MS).unref();
  });
  return { over, cancel: () => clearTimeout(timer) };
}
