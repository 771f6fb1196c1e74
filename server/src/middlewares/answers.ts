import type { Context } from 'koa';
import type { Forward } from '../core/cache-status';
import type { Entry } from '../core/entry';
import { writeHit } from './hit-response';
import { omitWhatIsKnown } from './not-modified';
import type { CachingParts } from './parts';
import type { Surroundings } from './surroundings';
import type { Visit } from './visit';

const DONE = Promise.resolve();
const NO_FIELDS: readonly string[] = [];

/** Answers from the cache. */
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
    refreshing.start(visit, visit.now);
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

  /** Puts a reply and then what Strapi's own middlewares inside of the lookup would have added to it. */
  async putInside(
    ctx: Context,
    surroundings: Surroundings,
    put: (skip?: ReadonlyMap<string, string>) => void,
  ): Promise<void> {
    put(ctx.req.headers.origin === undefined ? undefined : await surroundings.corsFields());
    omitWhatIsKnown(ctx);
    await surroundings.apply(ctx);
  }

  private serve({ ctx, site, now }: Visit, entry: Entry, served: 'HIT' | 'STALE'): Promise<void> {
    const { gate, codings } = this.parts;
    const replies = this.parts.replies.for(ctx.req);
    if (site.kind === 'route') {
      replies.putHit(ctx, entry, now, undefined, served);
      omitWhatIsKnown(ctx);
      return DONE;
    }
    const hit = site.raw && site.raw.prepare(ctx.req, entry, now, served);
    if (hit !== null) {
      ctx.respond = false;
      writeHit(ctx.res, hit, gate ? gate.fields(ctx) : NO_FIELDS);
      return DONE;
    }
    // what stands outside of a lookup that is not outermost may look at the body
    const shown = site.raw && codings ? codings.shown(ctx.req.headers, entry) : entry;
    return this.putInside(ctx, site.surroundings, (skip) => replies.putHit(ctx, shown, now, skip, served));
  }
}
