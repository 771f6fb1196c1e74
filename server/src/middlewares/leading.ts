import type { Forward } from '../core/cache-status';
import type { Entry } from '../core/entry';
import type { Filled } from '../core/fills';
import { storedHeaders } from '../core/stored-headers';
import { judgeResponse } from '../core/storing';
import { ReadScope, runInScope } from '../strapi/read-scope';
import { keyTag, routeTag } from '../strapi/tags';
import { headerText, responseFields, takeBody } from './capture';
import type { CachingParts } from './parts';
import { narrowRequest } from './narrow';
import { keyFor } from './request-facts';
import type { Visit } from './visit';

const NO_BODY = Buffer.alloc(0);

/** Where the role of a credential is remembered. */
export const identityKey = (stamp: string, credential: string): string => `identity:${stamp}:${credential}`;

export const roleOf = (identity: Entry): string => identity.body.toString();

/** Runs the handler for everybody who waits for a key, judges its response and stores what may be stored. */
export class Leading {
  constructor(private readonly parts: CachingParts) {}

  /**
   * The leader's own reply stands in the Koa context afterwards.
   * @param seq clock reading from before the fill's first read
   */
  async lead(visit: Visit, seq: number, fwd: Forward): Promise<Filled> {
    const { ctx, plan, site, key } = visit;
    const { replies, principals, observer, downstream, maxEntryBytes, now } = this.parts;
    const scope = new ReadScope();
    const outer = site.kind === 'route' || !site.raw ? responseFields(ctx) : [];
    const narrowed = narrowRequest(ctx, plan, site.kind === 'edge');
    const startedAt = now();
    try {
      await runInScope(scope, visit.next);
    } finally {
      narrowed.restore();
    }

    const refuse = (detail: string): Filled => {
      observer.refused(plan.route, detail, now());
      replies.mark(ctx, 'MISS', { fwd, detail });
      return { shared: null };
    };
    if (ctx.respond === false || ctx.headerSent) return refuse('raw-response');
    const body = takeBody(ctx);
    const verdict = judgeResponse(
      { status: ctx.status, header: (name) => headerText(ctx, name), bodyBytes: body?.byteLength ?? null },
      { ttl: plan.ttl, maxEntryBytes, keyedHeaders: new Set(plan.keyedHeaders) },
    );
    if (!verdict.store && !verdict.share) return refuse(verdict.reason);
    if (narrowed.uncovered) return refuse(`header ${narrowed.uncovered}`);
    if (scope.refusal) return refuse(scope.refusal);
    if (scope.reads === 0 && ctx.status === 200) return refuse('no-dependencies');
    const who = principals.authenticated(ctx, visit.authorization);
    if (!who.known) return refuse(who.reason);
    // The role has changed since it was looked up: what was made now is not what the key stands for.
    if (visit.principal.startsWith('role:') && visit.principal !== `role:${who.role}`)
      return refuse('role-changed');

    if (verdict.store && body && site.kind === 'edge' && site.raw)
      this.parts.codings?.announce(ctx, body.byteLength);
    if (verdict.store) downstream.vary(visit);
    const tags = [keyTag(key), routeTag(plan.route.template), ...scope.tags()];
    const told = verdict.store ? downstream.fieldsFor(visit, scope, tags) : [];
    const at = now();
    const entry: Entry = {
      key,
      label: plan.label,
      principal: visit.principal,
      status: ctx.status,
      headers: [...storedHeaders(responseFields(ctx), outer), ...told],
      body: body ?? NO_BODY,
      tags,
      storedAt: at,
      freshUntil: Math.min(at + (verdict.store ? verdict.ttl : 0), who.until),
      cost: at - startedAt,
      seq,
      checked: 0,
    };
    if (!verdict.store) {
      observer.refused(plan.route, verdict.reason, at);
      replies.mark(ctx, 'MISS', { fwd, detail: verdict.reason });
      return { shared: entry };
    }
    const stored = this.store(visit, entry, scope, who.role);
    if (stored) downstream.put(ctx, told);
    if (stored) observer.stored(plan.route, entry, scope.reads);
    else observer.refused(plan.route, 'purged-during-fill', at);
    const ttl = Math.floor((entry.freshUntil - at) / 1000);
    replies.mark(ctx, 'MISS', stored ? { fwd, stored, ttl } : { fwd, detail: 'purged-during-fill' });
    // What was purged meanwhile is handed over as well: followers look whether it still is what they may have.
    return { shared: entry };
  }

  private store(visit: Visit, entry: Entry, scope: ReadScope, role: string | null): boolean {
    const { store } = this.parts;
    const { ctx, plan, credential, context } = visit;
    if (credential === null || role === null) return store.put(entry);
    const common = { ...entry, checked: 0 };
    store.put({
      ...common,
      key: identityKey(plan.stamp, credential),
      label: 'identity',
      principal: credential,
      headers: [],
      body: Buffer.from(role),
      tags: scope.callerTags(),
    });
    const principal = `role:${role}`;
    const key = keyFor(ctx, plan, principal, context);
    const tags = [keyTag(key), routeTag(plan.route.template), ...scope.answerTags()];
    return store.put({ ...common, key, principal, tags });
  }
}
