import type { Context, Middleware, Next } from 'koa';
import { forwardOf, type CacheStatus, type Forward } from '../core/cache-status';
import type { Entry } from '../core/entry';
import { mayRevalidate } from '../core/grace';
import { acceptsFresh, acceptsStale, requestDirectives } from '../core/request-directives';
import type { Lookup, MissReason } from '../core/store';
import type { CachePlan, Plan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import { uriTag } from '../strapi/tags';
import { Answers } from './answers';
import type { CachingParts, Site, Visit } from './parts';
import { identityKey, roleOf } from './leading';
import { baseKeyFor, callerContext, keyFor, requestRefusal, stateContext } from './request-facts';
import type { Surroundings } from './surroundings';

const INCOMPATIBLE = { kind: 'bypass', reason: 'incompatible' } as const;

/** Looks up, fills and answers. One instance serves the global place and the places inside of routes. */
export class Caching {
  /** Requests that the global place has taken in hand: the place inside of the route leaves them alone. */
  private readonly taken = new WeakSet<Context>();
  private readonly answers: Answers;
  private site: Extract<Site, { kind: 'edge' }> | null = null;

  constructor(private readonly parts: CachingParts) {
    this.answers = new Answers(parts);
  }

  /** Told when the stack is composed. */
  placed(surroundings: Surroundings): void {
    this.site = { kind: 'edge', surroundings };
  }

  /** The global middleware. */
  readonly edge: Middleware = (ctx, next) => {
    const { method, url } = ctx.req;
    if (!url?.startsWith(this.parts.apiPath)) return next();
    if (!this.parts.canCache) return this.passUncached(ctx, next);
    if (!this.site) return next();
    if (method !== 'GET' && method !== 'HEAD') return this.unsafe(ctx, next);
    const plan = this.parts.planner.plan(ctx);
    if (plan.kind === 'cache' && (plan.lookup === 'route' || this.parts.gate?.refused(ctx))) return next();
    this.taken.add(ctx);
    if (plan.kind === 'bypass') return this.bypass(ctx, next, plan, plan.reason);
    return this.serve(ctx, next, plan, this.site);
  };

  /** The middleware inside of impure routes: after authentication, policies and the route's own middlewares. */
  readonly route: Middleware = (ctx, next) => {
    const { method } = ctx.req;
    if ((method !== 'GET' && method !== 'HEAD') || this.taken.has(ctx)) return next();
    if (!this.parts.canCache) return this.passUncached(ctx, next);
    const plan = this.parts.planner.make(ctx);
    if (plan.kind === 'bypass') return this.bypass(ctx, next, plan, plan.reason);
    return this.serve(ctx, next, plan, { kind: 'route' });
  };

  private serve(ctx: Context, next: Next, plan: CachePlan, site: Site): Promise<void> {
    const { observer, store, principals, trust, refreshing, bypassCookies } = this.parts;
    const begun = observer.begin();
    const refusal = requestRefusal(ctx.req.headers, bypassCookies);
    if (refusal) return this.bypass(ctx, next, plan, refusal);
    const state = stateContext(ctx);
    if (state === null) return this.bypass(ctx, next, plan, 'state');
    const context = site.kind === 'route' ? state + callerContext(ctx) : state;
    const { authorization } = ctx.req.headers;
    const now = this.parts.now();
    const asked = trust === null ? null : trust.asked(ctx.req.headers);
    const refresh = refreshing.of(ctx.req);
    const { callers } = plan.treatment;

    const lookFor = (principal: string, credential: string | null): Promise<void> =>
      this.look({
        ctx,
        next,
        plan,
        site,
        authorization: principal === PUBLIC ? undefined : authorization,
        principal,
        credential,
        context,
        key: keyFor(ctx.req.headers, plan, principal, context),
        now,
        begun,
        asked,
        refresh,
      });
    if (authorization === undefined || (callers === 'public' && site.kind === 'edge'))
      return lookFor(PUBLIC, null);
    if (callers === 'none' || callers === 'public') return this.bypass(ctx, next, plan, 'authorization');
    const credential = principals.ofCredential(authorization);
    if (callers !== 'role') return lookFor(credential, null);
    // a credential whose role is known, and still true, gets what its role gets
    const byRole = (known: Lookup): Promise<void> =>
      lookFor(typeof known === 'string' ? credential : `role:${roleOf(known)}`, credential);
    const known = store.get(identityKey(plan.stamp, credential), now);
    return known instanceof Promise ? known.then(byRole) : byRole(known);
  }

  private look(visit: Visit): Promise<void> {
    if (visit.refresh !== null) return this.answers.refresh(visit, visit.refresh);
    const found = this.parts.store.get(visit.key, visit.now);
    if (found instanceof Promise) return found.then((it) => this.found(visit, it));
    return this.found(visit, found);
  }

  private found(visit: Visit, found: Lookup): Promise<void> {
    if (typeof found !== 'string') {
      if (visit.asked !== null && !acceptsFresh(visit.asked, found, visit.now))
        return this.miss(visit, 'expired', 'request');
      if (this.parts.gate === null) return this.answers.hit(visit, found);
      return this.admitted(visit, 'hit', () => this.answers.hit(visit, found));
    }
    const stale = this.staleOf(visit, found);
    if (stale === null) return this.miss(visit, found, this.forwardOf(visit, found));
    return this.admitted(visit, 'hit', () => this.answers.stale(visit, stale));
  }

  /** What may be served stale, at once. */
  private staleOf({ key, now, asked }: Visit, why: MissReason): Entry | null {
    if (why !== 'expired' && why !== 'purged') return null;
    const entry = this.parts.store.stale(key, now);
    if (entry === null) return null;
    const given = mayRevalidate(entry, now);
    return (asked === null ? given : acceptsStale(asked, entry, now, given)) ? entry : null;
  }

  private forwardOf({ plan, principal, context, key, now }: Visit, why: MissReason): Forward {
    if (why !== 'cold') return forwardOf(why);
    const { variants, store } = this.parts;
    const base = baseKeyFor(plan, principal, context);
    // the one without such headers is not counted as long as it is the only one
    const others = variants.hasOther(base, key) || (key !== base && store.here(base, now) !== null);
    return others ? 'vary-miss' : 'uri-miss';
  }

  private miss(visit: Visit, why: MissReason, fwd: Forward): Promise<void> {
    return this.admitted(visit, 'miss', () => {
      this.parts.observer.miss(visit.plan.route, visit.key, why, visit.now);
      const asked = visit.asked ?? requestDirectives(visit.ctx.req.headers['cache-control']);
      if (asked.onlyIfCached) return this.answers.notCached(visit, fwd);
      if (visit.ctx.req.method === 'HEAD') return this.answers.forward(visit, { fwd, detail: 'head' });
      return this.answers.fill(visit, { fwd, noStore: asked.noStore });
    });
  }

  /** Goes on where the rate limit allows it; a refusal is answered inside of the application's stack. */
  private admitted(visit: Visit, outcome: 'hit' | 'miss', go: () => Promise<void>): Promise<void> {
    const { gate } = this.parts;
    const allowed = gate ? gate.settle(visit.ctx, outcome) : true;
    if (typeof allowed !== 'boolean') return allowed.then((ok) => (ok ? go() : visit.next()));
    return allowed ? go() : visit.next();
  }

  /** Strapi lacks something that the cache cannot do without (`compatibility.ts`). */
  private passUncached(ctx: Context, next: Next): Promise<void> {
    if (this.taken.has(ctx)) return next();
    this.taken.add(ctx);
    return this.bypass(ctx, next, INCOMPATIBLE, INCOMPATIBLE.reason);
  }

  private bypass(ctx: Context, next: Next, plan: Plan, reason: string): Promise<void> {
    this.parts.observer.bypass(plan.route ?? null, reason, this.parts.now());
    this.parts.replies
      .for(ctx.req)
      .mark(ctx, 'BYPASS', { fwd: 'bypass', detail: reason } satisfies CacheStatus);
    return next();
  }

  private async unsafe(ctx: Context, next: Next): Promise<void> {
    if (ctx.req.method === 'OPTIONS') return next();
    this.parts.observer.bypass(null, 'method', this.parts.now());
    this.parts.replies.for(ctx.req).mark(ctx, 'BYPASS', { fwd: 'method' });
    const plan = this.parts.planner.plan(ctx);
    await this.parts.settled(async () => {
      await next();
      // RFC 9111 section 4.4: what is stored for the URI of a write that did not fail is invalid
      if (plan.kind === 'cache' && ctx.status < 400) this.parts.invalidate(uriTag(plan.path, plan.query));
    });
  }
}
