import type { Context, Middleware, Next } from 'koa';
import { forwardOf, type CacheStatus } from '../core/cache-status';
import type { Entry } from '../core/entry';
import type { Lookup, MissReason } from '../core/store';
import type { CachePlan, Plan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import type { CachingParts } from './parts';
import { identityKey, Leading, roleOf } from './leading';
import { callerContext, keyFor, requestRefusal, stateContext } from './request-facts';
import type { Surroundings } from './surroundings';
import type { Site, Visit } from './visit';

const DONE = Promise.resolve();
const NO_FIELDS: readonly string[] = [];

/** Looks up, fills and answers. One instance serves the global place and the places inside of routes. */
export class Caching {
  /** Requests that the global place has taken in hand: the place inside of the route leaves them alone. */
  private readonly taken = new WeakSet<Context>();
  private readonly leading: Leading;
  private site: Extract<Site, { kind: 'edge' }> | null = null;

  constructor(private readonly parts: CachingParts) {
    this.leading = new Leading(parts);
  }

  /** Told once, when the stack is composed, where the global middleware stands. */
  placed(raw: boolean, surroundings: Surroundings): void {
    this.site = { kind: 'edge', raw, surroundings };
  }

  /** The global middleware. */
  readonly edge: Middleware = (ctx, next) => {
    const { method, url } = ctx.req;
    if (!this.site || !url?.startsWith(this.parts.apiPath)) return next();
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
    const plan = this.parts.planner.make(ctx);
    if (plan.kind === 'bypass') return this.bypass(ctx, next, plan, plan.reason);
    return this.serve(ctx, next, plan, { kind: 'route' });
  };

  private serve(ctx: Context, next: Next, plan: CachePlan, site: Site): Promise<void> {
    const begun = this.parts.observer.begin();
    const refusal = requestRefusal(ctx);
    if (refusal) return this.bypass(ctx, next, plan, refusal);
    const state = stateContext(ctx);
    if (state === null) return this.bypass(ctx, next, plan, 'state');
    const context = site.kind === 'route' ? state + callerContext(ctx) : state;
    const { authorization } = ctx.req.headers;
    const now = this.parts.now();

    if (authorization === undefined || (plan.callers === 'public' && site.kind === 'edge')) {
      const key = keyFor(ctx, plan, PUBLIC, context);
      const common = { authorization: undefined, principal: PUBLIC, credential: null };
      return this.look({ ctx, next, plan, site, ...common, context, key, now, begun });
    }
    if (plan.callers === 'none' || plan.callers === 'public')
      return this.bypass(ctx, next, plan, 'authorization');

    const principal = this.parts.principals.ofCredential(authorization);
    const base = { ctx, next, plan, site, authorization, context, now, begun };
    if (plan.callers === 'role') return this.byRole(base, principal);
    return this.look({ ...base, principal, credential: null, key: keyFor(ctx, plan, principal, context) });
  }

  /** A credential whose role is known, and still true, gets what its role gets. */
  private byRole(base: Omit<Visit, 'principal' | 'credential' | 'key'>, credential: string): Promise<void> {
    const go = (known: Lookup): Promise<void> => {
      const principal = typeof known === 'string' ? credential : `role:${roleOf(known)}`;
      return this.look({
        ...base,
        principal,
        credential,
        key: keyFor(base.ctx, base.plan, principal, base.context),
      });
    };
    const known = this.parts.store.get(identityKey(base.plan.stamp, credential), base.now);
    return known instanceof Promise ? known.then(go) : go(known);
  }

  private look(visit: Visit): Promise<void> {
    const found = this.parts.store.get(visit.key, visit.now);
    if (found instanceof Promise) return found.then((it) => this.answer(visit, it));
    return this.answer(visit, found);
  }

  private answer(visit: Visit, found: Lookup): Promise<void> {
    const { gate } = this.parts;
    const allowed = gate ? gate.settle(visit.ctx, typeof found === 'string' ? 'miss' : 'hit') : true;
    if (typeof allowed !== 'boolean')
      return allowed.then((ok) => (ok ? this.go(visit, found) : visit.next()));
    // a refusal is answered inside of the application's stack
    return allowed ? this.go(visit, found) : visit.next();
  }

  private go(visit: Visit, found: Lookup): Promise<void> {
    if (typeof found !== 'string') return this.hit(visit, found);
    this.parts.observer.miss(visit.plan.route, visit.key, found, visit.now);
    if (visit.ctx.req.method === 'HEAD')
      return this.forward(visit, { fwd: forwardOf(found), detail: 'head' });
    return this.fill(visit, found);
  }

  private hit({ ctx, site, now, plan, begun }: Visit, entry: Entry): Promise<void> {
    const { replies, gate, observer, codings } = this.parts;
    // what stands outside of a lookup that is not outermost may look at the body
    const shown = codings && site.kind === 'edge' && site.raw ? codings.shown(ctx, entry) : entry;
    if (site.kind === 'edge' && site.raw && site.surroundings.leaveAsStored(ctx, shown !== entry)) {
      replies.writeRaw(ctx, shown, replies.rawFields(shown, now), gate ? gate.fields(ctx) : NO_FIELDS);
      observer.hit(plan.route, entry, now, begun);
      return DONE;
    }
    observer.hit(plan.route, entry, now, begun);
    if (site.kind === 'route') {
      replies.putHit(ctx, entry, now);
      return DONE;
    }
    return this.putInside(ctx, site.surroundings, (skip) => replies.putHit(ctx, shown, now, skip));
  }

  private async fill(visit: Visit, why: MissReason): Promise<void> {
    const { ctx, site, key, plan } = visit;
    const { fills, replies, observer } = this.parts;
    const fwd = forwardOf(why);
    const role = await fills.run(key, (seq) => this.leading.lead(visit, seq, fwd));
    if (role.role === 'leader') {
      observer.filled(plan.route, visit.now, visit.begun);
      if (site.kind === 'edge') await site.surroundings.applyAfterFill(ctx);
      return;
    }
    if (role.role === 'alone') return this.forward(visit, { fwd, detail: role.reason });
    observer.coalesced(plan.route, visit.now);
    if (site.kind === 'route') replies.putEntry(ctx, role.entry);
    else await this.putInside(ctx, site.surroundings, (skip) => replies.putEntry(ctx, role.entry, skip));
    replies.mark(ctx, 'MISS', { fwd, collapsed: true });
  }

  /** Puts a reply and then what Strapi's own middlewares inside of the lookup would have added to it. */
  private async putInside(
    ctx: Context,
    surroundings: Surroundings,
    put: (skip?: ReadonlyMap<string, string>) => void,
  ): Promise<void> {
    put(ctx.req.headers.origin === undefined ? undefined : await surroundings.corsFields());
    await surroundings.apply(ctx);
  }

  private forward({ ctx, next }: Visit, status: CacheStatus): Promise<void> {
    this.parts.replies.mark(ctx, 'MISS', status);
    return next();
  }

  private bypass(ctx: Context, next: Next, plan: Plan, reason: string): Promise<void> {
    this.parts.observer.bypass(plan.route ?? null, reason, this.parts.now());
    this.parts.replies.mark(ctx, 'BYPASS', { fwd: 'bypass', detail: reason });
    return next();
  }

  private unsafe(ctx: Context, next: Next): Promise<void> {
    if (ctx.req.method === 'OPTIONS') return next();
    this.parts.observer.bypass(null, 'method', this.parts.now());
    this.parts.replies.mark(ctx, 'BYPASS', { fwd: 'method' });
    return next();
  }
}
