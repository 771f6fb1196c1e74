import { errors } from '@strapi/utils';
import type { Context, Middleware, Next } from 'koa';
import type { Decision } from '../core/limits/decision';
import type { CacheOutcome, RateLimit } from '../core/limits/rate-limit';
import { isSelfRequest } from '../strapi/self-request';
import { setFields } from './capture';
import { KoaFacts, proxyProblem, type Callers, type FrontContext } from './rate-limit-facts';

const MESSAGE = 'Too many requests, please try again later.';
const NO_FIELDS: readonly string[] = [];

/**
 * Rate limits in a Koa stack. Three places, from the outside in:
 *
 * 1. `outer`, before the cache: decides. A refused request goes on into the stack, for its answer is made there.
 * 2. The cache. It must leave a request alone when `refused(ctx)`, await `settle(ctx, 'hit' | 'miss')` after its
 *    lookup and before it writes a hit or begins or joins a fill, again leave the request alone when that says
 *    false, and send `fields(ctx)` with everything that it writes to the socket itself.
 * 3. `inner()`, behind `strapi::errors` and `strapi::cors` and before `strapi::body`: throws the refusal, so that
 *    it gets the error envelope, the CORS fields and the log line of the application. It settles what the cache
 *    did not as a miss.
 *
 * The fields of all other answers are set by `outer` on their way out, after anything could have stored them.
 */
export class RateLimitGate {
  private readonly said = new Set<string>();
  private hasInner = false;

  /** @param now epoch milliseconds */
  constructor(
    private readonly limits: RateLimit,
    private readonly callers: Callers,
    private readonly now: () => number,
    private readonly warn: (message: string) => void,
  ) {}

  readonly outer: Middleware = (ctx, next) => {
    if (isSelfRequest(ctx.req)) return next(); // nobody's quota
    const known = decisionOf(ctx);
    if (known) return this.enter(ctx, next, known);
    const decision = this.decide(ctx, this.now());
    return decision instanceof Promise
      ? decision.then((it) => this.enter(ctx, next, it))
      : this.enter(ctx, next, decision);
  };

  /** The middleware to install as `plugin::<id>.<name>`. Without it refusals are answered at the outside. */
  inner(): Middleware {
    this.hasInner = true;
    return async (ctx, next) => {
      const allowed = await this.settle(ctx, 'miss');
      if (!allowed) throw new errors.RateLimitError(MESSAGE, this.details(ctx));
      return next();
    };
  }

  refused(ctx: Context): boolean {
    return decisionOf(ctx)?.allowed === false;
  }

  /**
   * Decides about a hit that could be written at once.
   * @param now epoch milliseconds
   * @returns its response fields; null when it may not be written: then the request goes to `outer`, which knows what
   * was decided
   */
  admitHit(ctx: FrontContext, now: number): readonly string[] | null {
    if (isSelfRequest(ctx.req)) return NO_FIELDS;
    const { limits } = this;
    if (!limits.decidesAtOnce) return null;
    const decision = this.decide(ctx, now);
    if (decision instanceof Promise) return null;
    if (decision.charges.length === 0) return NO_FIELDS;
    const settled = decision.allowed && decision.deferred ? limits.settle(decision, 'hit', now) : decision;
    if (!(settled instanceof Promise) && settled.allowed) return limits.headersFor(decision, now);
    remember(ctx, decision);
    return null;
  }

  /**
   * Tells what the cache found. Synchronous unless a policy with cheaper hits has to ask Redis.
   * @returns whether the request may go on
   */
  settle(ctx: Asking, outcome: CacheOutcome): boolean | Promise<boolean> {
    const decision = decisionOf(ctx);
    if (!decision) return true;
    if (!decision.deferred) return decision.allowed;
    const settled = this.limits.settle(decision, outcome, this.now());
    return settled instanceof Promise ? settled.then((it) => it.allowed) : settled.allowed;
  }

  /** The response fields of a request as `[name, value, name, value, ...]`. */
  fields(ctx: Asking): readonly string[] {
    const decision = decisionOf(ctx);
    return decision ? this.limits.headersFor(decision, this.now()) : NO_FIELDS;
  }

  private decide(ctx: Asking, now: number): Decision | Promise<Decision> {
    this.checkProxy(ctx);
    return this.limits.decide(new KoaFacts(ctx, this.callers), now);
  }

  private enter(ctx: Context, next: Next, decision: Decision): Promise<unknown> {
    if (decision.charges.length > 0) remember(ctx, decision);
    else if (!this.limits.knowsCallers) return next();
    if (decision.allowed || this.hasInner) return this.pass(ctx, next);
    return this.pass(ctx, () => {
      ctx.status = 429;
      ctx.body = {
        data: null,
        error: { status: 429, name: 'RateLimitError', message: MESSAGE, details: this.details(ctx) },
      };
      return Promise.resolve();
    });
  }

  private pass(ctx: Context, next: Next): Promise<void> {
    const passed = next() as Promise<void>;
    // a hit that was written to the socket had its fields from `fields`, and nothing is left to wait for
    return ctx.respond === false ? passed : this.finish(ctx, passed);
  }

  private async finish(ctx: Context, passed: Promise<void>): Promise<void> {
    await passed;
    if (ctx.headerSent || ctx.respond === false) return;
    if (this.limits.knowsCallers) this.callers.learn(ctx);
    setFields(ctx, this.fields(ctx));
  }

  private details(ctx: Context): { policies: readonly string[]; retryAfter: number | null } {
    const decision = decisionOf(ctx);
    return { policies: decision?.refusedBy ?? [], retryAfter: decision?.retryAfter ?? null };
  }

  private checkProxy(ctx: Asking): void {
    if (this.said.size >= 2) return;
    const problem = proxyProblem(ctx);
    if (problem === null || this.said.has(problem)) return;
    this.said.add(problem);
    this.warn(problem);
  }
}

type Asking = Context | FrontContext;

/** The names are constants, and nothing but names of policies and numbers is in the values. */
const DECISION = Symbol('rate limit');

interface Decided {
  [DECISION]?: Decision;
}

/** On the message itself, which is cheaper than a weak map of all requests under way. */
const decisionOf = ({ req }: Pick<Context, 'req'>): Decision | undefined => (req as Decided)[DECISION];

const remember = ({ req }: Pick<Context, 'req'>, decision: Decision): void =>
  void ((req as Decided)[DECISION] = decision);
