import type { Context } from 'koa';
import type { Forward } from '../core/cache-status';
import type { Entry } from '../core/entry';
import type { Filled } from '../core/fills';
import type { Grace } from '../core/grace';
import { weakEtag } from '../core/preconditions';
import type { Refreshed } from '../core/refreshes';
import { sharedTexts } from '../core/shared-texts';
import { storedHeaders } from '../core/stored-headers';
import { judgeResponse, type Stored, type Verdict } from '../core/storing';
import type { CachePlan } from '../strapi/plan';
import { ReadScope, runInScope } from '../strapi/read-scope';
import { isAccessTag, keyTag, routeTag, uriTag } from '../strapi/tags';
import { headerText, responseFields, takeBody } from './capture';
import type { CachingParts } from './parts';
import { narrowRequest } from './narrow';
import { baseKeyFor, keyFor } from './request-facts';
import { StandIns } from './stand-in';
import type { Visit } from './visit';

const NO_BODY = Buffer.alloc(0);

/** Where the role of a credential is remembered. */
export const identityKey = (stamp: string, credential: string): string => `identity:${stamp}:${credential}`;

export const roleOf = (identity: Entry): string => identity.body.toString();

export interface Led extends Filled {
  readonly outcome: Refreshed;
}

interface LeadOptions {
  readonly fwd: Forward;
  /** The caller does not want the response to be stored. */
  readonly noStore: boolean;
}

/** Runs the handler for everybody who waits for a key, judges its response and stores what may be stored. */
export class Leading {
  private readonly standIns: StandIns;

  constructor(private readonly parts: CachingParts) {
    this.standIns = new StandIns(parts);
  }

  /**
   * The leader's own reply stands in the Koa context afterwards.
   * @param seq clock reading from before the fill's first read
   */
  async lead(visit: Visit, seq: number, { fwd, noStore }: LeadOptions): Promise<Led> {
    const { ctx, plan, site, key } = visit;
    const { principals, observer, downstream, now } = this.parts;
    const replies = this.parts.replies.for(ctx.req);
    const scope = new ReadScope(downstream.naming(visit));
    const outer = responseFields(ctx);
    const narrowed = narrowRequest(ctx, plan, site.kind === 'edge');
    const startedAt = now();
    const handler = (): Promise<unknown> => runInScope(scope, visit.next);
    const ran = await this.standIns.run(visit, outer, handler, () => narrowed.restore());
    if (ran === 'replaced') return { shared: null, failed: true, outcome: 'failed' };

    const refuse = (detail: string, personal = false): Led => {
      observer.refused(plan.route, detail, now());
      replies.mark(ctx, 'MISS', { fwd, detail });
      const failed = ran === 'failed';
      return { shared: null, personal, failed, outcome: failed ? 'failed' : 'refused' };
    };
    if (ctx.respond === false || ctx.headerSent) return refuse('raw-response', true);
    const uncovered = dropRedirectText(ctx, plan) ? narrowed.uncoveredByRedirect : narrowed.uncovered;
    const body = takeBody(ctx);
    const verdict = this.judge(ctx, plan, body);
    if (!verdict.store && !verdict.share) return refuse(verdict.reason, verdict.personal);
    if (uncovered) return refuse(`header ${uncovered}`, true);
    if (scope.refusal) return refuse(scope.refusal);
    if (scope.reads === 0 && (verdict.store || ctx.status === 200)) return refuse('no-dependencies');
    const who = principals.authenticated(ctx, visit.authorization);
    // an error says nothing of what the credential gets once it is good
    if (!who.known) return refuse(who.reason, ctx.status < 400);
    // The role has changed since it was looked up: what was made now is not what the key stands for.
    if (visit.principal.startsWith('role:') && visit.principal !== `role:${who.role}`)
      return refuse('role-changed');

    ctx.vary(this.varyOf(visit, verdict, body));
    if (ctx.status === 200 && body && !ctx.res.hasHeader('etag')) ctx.set('ETag', weakEtag(body));
    const at = now();
    const freshUntil = Math.min(at + (verdict.store ? verdict.ttl : 0), who.until);
    const hard = [keyTag(key), routeTag(plan.route.template), uriTag(plan.path, plan.query)];
    const own = tagged(hard, scope.tags(), () => scope.callerTags(), plan, verdict, freshUntil, who.until);
    const told = verdict.store ? downstream.fieldsFor(visit, scope, own.tags) : [];
    const entry: Entry = {
      key,
      label: plan.label,
      principal: visit.principal,
      status: ctx.status,
      headers: sharedTexts.all([...storedHeaders(responseFields(ctx), outer), ...told]),
      body: body ?? NO_BODY,
      tags: own.tags,
      grace: own.grace,
      storedAt: at - (verdict.store ? verdict.age : 0),
      freshUntil,
      cost: at - startedAt,
      seq,
      checked: 0,
    };
    if (!verdict.store || noStore) {
      const detail = verdict.store ? 'no-store-asked' : verdict.reason;
      observer.refused(plan.route, detail, at);
      replies.mark(ctx, 'MISS', { fwd, detail });
      return { shared: entry, outcome: 'refused' };
    }
    const stored = this.store(visit, entry, scope, who.role, who.until, verdict);
    if (stored) downstream.put(ctx, told);
    if (stored) observer.stored(plan.route, entry, scope.reads);
    else observer.refused(plan.route, 'purged-during-fill', at);
    const ttl = Math.floor((entry.freshUntil - at) / 1000);
    replies.mark(ctx, 'MISS', stored ? { fwd, stored, ttl } : { fwd, detail: 'purged-during-fill' });
    // What was purged meanwhile is handed over as well: followers look whether it still is what they may have.
    return { shared: entry, outcome: stored ? 'stored' : 'overtaken' };
  }

  /** The request headers that the response depends on. */
  private varyOf({ ctx, plan, site }: Visit, verdict: Verdict, body: Buffer | null): string[] {
    const { codings, downstream } = this.parts;
    const names = [...plan.treatment.vary];
    if (!verdict.store) return names;
    names.push(...downstream.varyOf(plan));
    if (body && site.kind === 'edge' && site.raw && codings?.varies(ctx, body.byteLength))
      names.unshift('Accept-Encoding');
    return names;
  }

  private judge(ctx: Context, plan: CachePlan, body: Buffer | null): Verdict {
    const bodyBytes = body?.byteLength ?? (isBodiless(ctx) ? 0 : null);
    const header = (name: string): string | undefined => headerText(ctx, name);
    const facts = { status: ctx.status, header, bodyBytes, now: this.parts.now() };
    return judgeResponse(facts, plan.treatment.storing);
  }

  private store(
    visit: Visit,
    entry: Entry,
    scope: ReadScope,
    role: string | null,
    until: number,
    verdict: Stored,
  ): boolean {
    const { store } = this.parts;
    const { ctx, plan, credential, context, principal: asked } = visit;
    if (credential === null || role === null) return this.put(entry, baseKeyFor(plan, asked, context));
    const common = { ...entry, checked: 0 };
    store.put({
      ...common,
      key: identityKey(plan.stamp, credential),
      label: 'identity',
      principal: credential,
      headers: [],
      body: Buffer.from(role),
      tags: scope.callerTags(),
      grace: null,
    });
    const principal = `role:${role}`;
    const key = keyFor(ctx.req.headers, plan, principal, context);
    const hard = [keyTag(key), routeTag(plan.route.template), uriTag(plan.path, plan.query)];
    const tags = tagged(hard, scope.answerTags(), () => [], plan, verdict, entry.freshUntil, until);
    return this.put({ ...common, key, principal, ...tags }, baseKeyFor(plan, principal, context));
  }

  private put(entry: Entry, base: string): boolean {
    const { store, variants } = this.parts;
    if (!store.put(entry)) return false;
    if (entry.key === base && !variants.hasOther(base, entry.key)) return true;
    const gone = variants.add(base, entry.key);
    if (gone !== null) void store.delete(gone);
    return true;
  }
}

/** Takes the text away from a redirect that may be stored: it says nothing that `Location` does not. */
function dropRedirectText(ctx: Context, plan: CachePlan): boolean {
  if (
    (ctx.status !== 301 && ctx.status !== 308) ||
    plan.treatment.storing.statusTtl[ctx.status] === undefined
  )
    return false;
  ctx.body = '';
  ctx.remove('Content-Type');
  return true;
}

/** For other statuses without a body Koa writes one of its own. */
const isBodiless = (ctx: Context): boolean =>
  (ctx.body === null || ctx.body === undefined) && ctx.status === 204;

/** The tags of an entry, those first whose purge removes it for good, and what it may be used for past its lifetime. */
function tagged(
  own: readonly string[],
  read: readonly string[],
  caller: () => readonly string[],
  plan: CachePlan,
  verdict: Verdict,
  freshUntil: number,
  until: number,
): { readonly tags: readonly string[]; readonly grace: Grace | null } {
  const { revalidate, error } = verdict.store ? verdict : { revalidate: 0, error: 0 };
  const limit = Math.min(freshUntil + Math.max(revalidate, error), until);
  if (limit <= freshUntil) return { tags: [...own, ...read], grace: null };
  if (!plan.treatment.softPurge) {
    const tags = [...own, ...read];
    return { tags, grace: { revalidate, error, limit, hardTags: tags.length } };
  }
  const access = new Set([...caller(), ...read.filter(isAccessTag)]);
  const hard = [...own, ...access];
  const tags = [...hard, ...read.filter((tag) => !access.has(tag))];
  return { tags, grace: { revalidate, error, limit, hardTags: hard.length } };
}
