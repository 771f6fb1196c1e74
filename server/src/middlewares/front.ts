import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type Koa from 'koa';
import type { Entry } from '../core/entry';
import type { CachePlan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import type { Answerer } from '../strapi/stack';
import { FrontContext, type FrontRequest } from './front-context';
import type { HitHead } from './hit-lines';
import { HitWriter } from './hit-writer';
import { identityKey, roleOf } from './leading';
import { isPlainResponse } from './message-head';
import type { CachingParts } from './parts';
import type { Connection } from './repeats/connection';
import type { KnownRequest } from './repeats/known-heads';
import { Repeats } from './repeats/repeats';
import { isWatched } from './repeats/watchers';
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

/** A hit that may be sent. */
interface Hit {
  readonly entry: Entry;
  /** The form of the entry that is sent. */
  readonly shown: Entry;
  readonly head: HitHead;
  /** Lines of this one answer. */
  readonly more: string;
  readonly now: number;
  readonly begun: number;
}

/**
 * Writes the plainest hits before Koa is asked, whose context and promises cost more than all else that a hit needs, and
 * those of connections that repeat themselves before Node has read the request.
 * It decides nothing by itself: what it cannot answer at once and from the memory of this process goes through the
 * stack, where `Caching` treats it as if this did not exist.
 */
export class Front {
  private readonly writer = new HitWriter();
  private readonly repeats: Repeats | null;
  /** A repeated request that was not answered, while Node reads it. */
  private passing: FrontRequest | null = null;

  /** @param server whose connections may be read before Node reads them; null for none */
  constructor(
    private readonly parts: CachingParts,
    private readonly app: Koa,
    private readonly surroundings: Surroundings,
    private readonly server: Server | null,
  ) {
    const answer = (to: Connection, known: KnownRequest): boolean => this.answerAgain(to, known);
    const passed = (): void => void (this.passing = null);
    this.repeats = server && new Repeats(server, { answer, passed });
  }

  readonly answer: Answerer = (req, res) => {
    if (this.passing !== null && this.isDecided(req)) return false;
    const { url, headers } = req;
    if (req.method !== 'GET' || url === undefined || !isPlainResponse(res)) return false;
    const plan = this.parts.planner.known(url);
    if (plan?.kind !== 'cache' || plan.lookup !== 'edge' || asksForMore(headers)) return false;
    if (requestRefusal({ req }, this.parts.bypassCookies) !== null) return false;
    try {
      const hit = this.find(new FrontContext(this.app, req, plan.path), plan);
      if (hit === null) return false;
      const { shown, head, more } = hit;
      if (this.writer.write(res, shown.status, head, more, shown.body)) this.repeats?.answered(req, plan);
      this.parts.observer.hit(plan.route, hit.entry, hit.now, hit.begun);
      return true;
    } catch (error) {
      // the stack has an answer to errors, as long as nothing was sent
      if (res.headersSent) throw error;
      return false;
    }
  };

  /** Answers a request that `answer` has answered before: whatever that has read of it says the same. */
  private answerAgain(to: Connection, { url, headers, plan }: KnownRequest): boolean {
    const { server } = this;
    if (server === null || isWatched(server)) return false;
    const req = { method: 'GET', url, headers, socket: to.socket };
    const hit = this.tryToFind(new FrontContext(this.app, req, plan.path), plan, server);
    if (hit === null) {
      this.passing = req;
      return false;
    }
    this.writer.repeat(to, hit.shown.status, hit.head, hit.more, hit.shown.body, server);
    this.parts.observer.hit(plan.route, hit.entry, hit.now, hit.begun);
    return true;
  }

  /** Whether the rate limits have decided about a request already, and let it not be answered here. */
  private isDecided(req: IncomingMessage): boolean {
    const { passing } = this;
    this.passing = null;
    return passing !== null && this.parts.gate?.passOn(passing, req) === true;
  }

  private tryToFind(ctx: FrontContext, plan: CachePlan, server: Server): Hit | null {
    try {
      return this.find(ctx, plan, server);
    } catch {
      return null;
    }
  }

  /** @param again the server, where the answer is to be written without a response of Node's */
  private find(ctx: FrontContext, plan: CachePlan, again: Server | null = null): Hit | null {
    const { observer, gate, codings } = this.parts;
    const { lines } = this.parts.replies.for(ctx.req);
    const { surroundings } = this;
    const { origin } = ctx.req.headers;
    const cross = origin !== undefined && surroundings.readsOrigins;
    const cors = cross ? surroundings.corsAnswer(origin) : null;
    if (cross && cors === null) return null;
    const begun = observer.begin();
    const now = this.parts.now();
    const entry = this.lookUp(ctx, plan, now);
    if (entry === null) return null;
    const shown = codings ? codings.shown(ctx, entry) : entry;
    if (shown === entry && !surroundings.keepsBodies) return null;
    const head = cors ? lines.forOrigin(shown, now, cors.ofFill) : lines.of(shown, now);
    if (head === null || (again !== null && !this.writer.canRepeat(shown.status, head, again))) return null;
    const limits = gate ? gate.admitHit(ctx, now) : '';
    if (limits === null) return null;
    return { entry, shown, head, more: cors ? cors.lines + limits : limits, now, begun };
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
