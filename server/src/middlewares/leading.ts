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
import { headerText, responseFields, setFields, takeBody } from './capture';
import { narrowRequest } from './narrow';
import type { CachingParts, Visit } from './parts';
import { baseKeyFor, keyFor } from './request-facts';
import { runOrStandIn } from './stand-in';

const NO_BODY = Buffer.alloc(0);

/** Where the role of a credential is remembered. */
export const identityKey = (stamp: string, credential: string): string => `identity:${stamp}:${credential}`;

export const roleOf = (identity: Entry): string => identity.body.toString();

export interface Led extends Filled {
  readonly outcome: Refreshed;
}

export interface LeadOptions {
  readonly fwd: Forward;
  /** The caller does not want the response to be stored. */
  readonly noStore: boolean;
}

/**
 * Runs the handler for everybody who waits for a key, judges its response and stores what may be stored. The leader's
 * own reply stands in the Koa context afterwards.
 * @param seq clock reading from before the fill's first read
 */
export async function lead(
  parts: CachingParts,
  visit: Visit,
  seq: number,
  { fwd, noStore }: LeadOptions,
): Promise<Led> {
  const { ctx, plan, site, key } = visit;
  const { principals, observer, downstream, now } = parts;
  const replies = parts.replies.for(ctx.req);
  const scope = new ReadScope(downstream.naming(visit));
  const outer = responseFields(ctx);
  const narrowed = narrowRequest(ctx, plan, site.kind === 'edge');
  const startedAt = now();
  const handler = (): Promise<unknown> => runInScope(scope, visit.next);
  const ran = await runOrStandIn(parts, visit, outer, handler, () => narrowed.restore());
  if (ran === 'replaced') return { shared: null, failed: true, outcome: 'failed' };

  const refuse = (detail: string, personal = false): Led => {
    observer.refused(plan.route, detail, now());
    replies.mark(ctx, 'MISS', { fwd, detail });
    const failed = ran === 'failed';
    return { shared: null, personal, failed, outcome: failed ? 'failed' : 'refused' };
  };
  if (ctx.respond === false || ctx.headerSent) return refuse('raw-response', true);
  const uncovered = narrowed.uncovered(dropRedirectText(ctx, plan));
  const body = takeBody(ctx);
  const verdict = judge(ctx, plan, body, now());
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

  ctx.vary(varyOf(parts, visit, verdict, body));
  if (ctx.status === 200 && body && !ctx.res.hasHeader('etag')) ctx.set('ETag', weakEtag(body));
  const at = now();
  const freshUntil = Math.min(at + (verdict.store ? verdict.ttl : 0), who.until);
  const callerTags = (): readonly string[] => scope.callerTags();
  const own = tagged(plan, key, scope.tags(), callerTags, verdict, freshUntil, who.until);
  const told = verdict.store ? downstream.fieldsFor(visit, scope, own.tags) : [];
  const entry: Entry = {
    key,
    label: plan.label,
    principal: visit.principal,
    status: ctx.status,
    headers: sharedTexts.all([...storedHeaders(responseFields(ctx), outer), ...told]),
    body: body ?? NO_BODY,
    ...own,
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
  const stored = store(parts, visit, entry, scope, who, verdict);
  if (stored) setFields(ctx, told);
  if (stored) observer.stored(plan.route, entry, scope.reads);
  else observer.refused(plan.route, 'purged-during-fill', at);
  const ttl = Math.floor((entry.freshUntil - at) / 1000);
  replies.mark(ctx, 'MISS', stored ? { fwd, stored, ttl } : { fwd, detail: 'purged-during-fill' });
  // What was purged meanwhile is handed over as well: followers look whether it still is what they may have.
  return { shared: entry, outcome: stored ? 'stored' : 'overtaken' };
}

/** The request headers that the response depends on. */
function varyOf(
  { codings, downstream }: CachingParts,
  { ctx, plan, site }: Visit,
  verdict: Verdict,
  body: Buffer | null,
): string[] {
  const names = [...plan.treatment.vary];
  if (!verdict.store) return names;
  names.push(...downstream.varyOf(plan));
  if (body && site.kind === 'edge' && site.surroundings.alone && codings?.varies(ctx, body.byteLength))
    names.unshift('Accept-Encoding');
  return names;
}

function judge(ctx: Context, plan: CachePlan, body: Buffer | null, now: number): Verdict {
  // for other statuses without a body Koa writes one of its own
  const isBodiless = (ctx.body === null || ctx.body === undefined) && ctx.status === 204;
  const bodyBytes = body?.byteLength ?? (isBodiless ? 0 : null);
  const header = (name: string): string | undefined => headerText(ctx, name);
  return judgeResponse({ status: ctx.status, header, bodyBytes, now }, plan.treatment.storing);
}

function store(
  parts: CachingParts,
  { ctx, plan, credential, context, principal: asked }: Visit,
  entry: Entry,
  scope: ReadScope,
  { role, until }: { readonly role: string | null; readonly until: number },
  verdict: Stored,
): boolean {
  if (credential === null || role === null) return put(parts, entry, baseKeyFor(plan, asked, context));
  const common = { ...entry, checked: 0 };
  parts.store.put({
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
  const tags = tagged(plan, key, scope.answerTags(), () => [], verdict, entry.freshUntil, until);
  return put(parts, { ...common, key, principal, ...tags }, baseKeyFor(plan, principal, context));
}

function put({ store, variants }: CachingParts, entry: Entry, base: string): boolean {
  if (!store.put(entry)) return false;
  if (entry.key === base && !variants.hasOther(base, entry.key)) return true;
  const gone = variants.add(base, entry.key);
  if (gone !== null) void store.delete(gone);
  return true;
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

/** The tags of an entry, those first whose purge removes it for good, and what it may be used for past its lifetime. */
function tagged(
  plan: CachePlan,
  key: string,
  read: readonly string[],
  caller: () => readonly string[],
  verdict: Verdict,
  freshUntil: number,
  until: number,
): { readonly tags: readonly string[]; readonly grace: Grace | null } {
  const own = [keyTag(key), routeTag(plan.route.template), uriTag(plan.path, plan.query)];
  const { revalidate, error } = verdict.store ? verdict : { revalidate: 0, error: 0 };
  const limit = Math.min(freshUntil + Math.max(revalidate, error), until);
  if (limit <= freshUntil) return { tags: [...own, ...read], grace: null };
  const hard = new Set(plan.treatment.softPurge ? [...caller(), ...read.filter(isAccessTag)] : read);
  const tags = [...own, ...hard, ...read.filter((tag) => !hard.has(tag))];
  return { tags, grace: { revalidate, error, limit, hardTags: own.length + hard.size } };
}
