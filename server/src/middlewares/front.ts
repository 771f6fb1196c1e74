import type { IncomingHttpHeaders } from 'node:http';
import type Koa from 'koa';
import type { Entry } from '../core/entry';
import type { CachePlan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import type { Answerer } from '../strapi/stack';
import { FrontContext } from './front-context';
import { identityKey, roleOf } from './leading';
import { HitWriter } from './hit-writer';
import { isPlainResponse } from './message-head';
import type { CachingParts } from './parts';
import { keyFor, requestRefusal } from './request-facts';
import type { Surroundings } from './surroundings';

/** Requests with one of these ask for more than an entry as it is stored. */
const ASKS_FOR_MORE = [
  'range',
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'cache-control',
  'pragma',
] as const;

/**
 * Writes the plainest hits before Koa is asked, whose context and promises cost more than all else that a hit needs.
 * It decides nothing by itself: what it cannot answer at once and from the memory of this process goes through the
 * stack, where `Caching` treats it as if this did not exist.
 */
export class Front {
  private readonly writer = new HitWriter();

  constructor(
    private readonly parts: CachingParts,
    private readonly app: Koa,
    private readonly surroundings: Surroundings,
  ) {}

  readonly answer: Answerer = (req, res) => {
    const { url, headers } = req;
    if (req.method !== 'GET' || url === undefined || !isPlainResponse(res)) return false;
    const plan = this.parts.planner.known(url);
    if (plan?.kind !== 'cache' || plan.lookup !== 'edge' || asksForMore(headers)) return false;
    if (requestRefusal({ req }, this.parts.bypassCookies) !== null) return false;
    try {
      return this.hit(new FrontContext(this.app, req, res, plan.path), plan);
    } catch (error) {
      // the stack has an answer to errors, as long as nothing was sent
      if (res.headersSent) throw error;
      return false;
    }
  };

  private hit(ctx: FrontContext, plan: CachePlan): boolean {
    const { observer, gate, codings } = this.parts;
    const { lines } = this.parts.replies.for(ctx.req);
    const { surroundings } = this;
    const { origin } = ctx.req.headers;
    const cross = origin !== undefined && surroundings.readsOrigins;
    const cors = cross ? surroundings.corsAnswer(origin) : null;
    if (cross && cors === null) return false;
    const begun = observer.begin();
    const now = this.parts.now();
    const entry = this.lookUp(ctx, plan, now);
    if (entry === null) return false;
    const shown = codings ? codings.shown(ctx, entry) : entry;
    if (shown === entry && !surroundings.keepsBodies) return false;
    const head = cors ? lines.forOrigin(shown, now, cors.ofFill) : lines.of(shown, now);
    if (head === null) return false;
    const limits = gate ? gate.admitHit(ctx, now) : '';
    if (limits === null) return false;
    this.writer.write(ctx.res, shown.status, head, cors ? cors.lines + limits : limits, shown.body);
    observer.hit(plan.route, entry, now, begun);
    return true;
  }

  private lookUp(ctx: FrontContext, plan: CachePlan, now: number): Entry | null {
    const { store, principals } = this.parts;
    const { authorization } = ctx.req.headers;
    const { callers } = plan.treatment;
    if (authorization === undefined || callers === 'public')
      return store.here(keyFor(ctx, plan, PUBLIC, ''), now);
    if (callers === 'none') return null;
    const credential = principals.ofCredential(authorization);
    if (callers !== 'role') return store.here(keyFor(ctx, plan, credential, ''), now);
    const known = store.here(identityKey(plan.stamp, credential), now);
    return known && store.here(keyFor(ctx, plan, `role:${roleOf(known)}`, ''), now);
  }
}

function asksForMore(headers: IncomingHttpHeaders): boolean {
  for (const name of ASKS_FOR_MORE) if (headers[name] !== undefined) return true;
  return false;
}
