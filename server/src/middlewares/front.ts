import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import type Koa from 'koa';
import type { Entry } from '../core/entry';
import type { CachePlan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import type { RequestAnswerer } from '../strapi/stack';
import { writeHit } from './hit-response';
import { identityKey, roleOf } from './leading';
import type { CachingParts } from './parts';
import { FrontContext } from './rate-limit-facts';
import { keyFor, requestRefusal } from './request-facts';
import type { Surroundings } from './surroundings';

const NO_FIELDS: readonly string[] = [];

/**
 * Answers hits before Koa, whose context and promises cost more than all else that a hit needs. What it cannot answer
 * at once from the memory of this process goes through the stack, where `Caching` treats it as if this did not exist.
 */
export class Front {
  constructor(
    private readonly parts: CachingParts,
    private readonly app: Koa,
    private readonly surroundings: Surroundings,
  ) {}

  readonly answer: RequestAnswerer = (req, res) => {
    const { method, url } = req;
    if ((method !== 'GET' && method !== 'HEAD') || url === undefined) return false;
    const plan = this.parts.planner.known(url);
    if (plan?.kind !== 'cache' || plan.lookup !== 'edge') return false;
    // requests over HTTP/2, and those that never came over a connection, have other classes
    if (!(req instanceof IncomingMessage) || !(res instanceof ServerResponse)) return false;
    try {
      return this.tryToAnswer(req, res, plan);
    } catch (error) {
      if (!res.headersSent) return false; // Koa answers errors
      this.app.emit('error', error);
      return true;
    }
  };

  private tryToAnswer(req: IncomingMessage, res: ServerResponse, plan: CachePlan): boolean {
    const { observer, gate, trust, bypassCookies } = this.parts;
    const { headers } = req;
    if (requestRefusal(headers, bypassCookies) !== null) return false;
    if (trust !== null && trust.asked(headers) !== null) return false;
    const begun = observer.begin();
    const now = this.parts.now();
    const entry = this.find(headers, plan, now);
    if (entry === null) return false;
    const hit = this.surroundings.rawHit(req, entry, now, 'HIT');
    if (hit === null) return false;
    const limits = gate ? gate.admitHit(new FrontContext(this.app, req, plan.path), now) : NO_FIELDS;
    if (limits === null) return false;
    writeHit(res, hit, limits);
    observer.hit(plan.route, entry, now, begun);
    return true;
  }

  private find(headers: IncomingHttpHeaders, plan: CachePlan, now: number): Entry | null {
    const { store, principals } = this.parts;
    const { authorization } = headers;
    const { callers } = plan.treatment;
    if (authorization === undefined || callers === 'public')
      return store.here(keyFor(headers, plan, PUBLIC, ''), now);
    if (callers === 'none') return null;
    const credential = principals.ofCredential(authorization);
    if (callers !== 'role') return store.here(keyFor(headers, plan, credential, ''), now);
    const known = store.here(identityKey(plan.stamp, credential), now);
    return known && store.here(keyFor(headers, plan, `role:${roleOf(known)}`, ''), now);
  }
}
