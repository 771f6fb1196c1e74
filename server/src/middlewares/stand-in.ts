import type { Context } from 'koa';
import { mayOnError, staleSince } from '../core/grace';
import type { HeaderField } from '../core/stored-headers';
import type { CachingParts, Visit } from './parts';

/** Statuses for which a stale response may stand in (RFC 5861 section 4). */
const FAILURES = new Set([500, 502, 503, 504]);

export type Ran = 'well' | 'failed' | 'replaced';

/**
 * Runs the handler, and answers with a stale response where it fails.
 * @param outer fields that stood there before the handler ran
 * @param after called when it is over, whatever came of it, before anything stands in for it
 * @throws what the handler threw, where nothing may stand in for it
 */
export async function runOrStandIn(
  parts: CachingParts,
  visit: Visit,
  outer: readonly HeaderField[],
  handler: () => Promise<unknown>,
  after?: () => void,
): Promise<Ran> {
  const { ctx } = visit;
  try {
    await handler();
  } catch (error) {
    after?.();
    if (!standIn(parts, visit, outer, statusOf(error))) throw error;
    return 'replaced';
  }
  after?.();
  if (ctx.respond === false || ctx.headerSent || !FAILURES.has(ctx.status)) return 'well';
  return standIn(parts, visit, outer, ctx.status) ? 'replaced' : 'failed';
}

/**
 * Answers with what may stand in for a failure, if there is anything.
 * @param outer fields that stood there before the handler ran; null where it did not run for this caller
 * @param status of the failure
 */
export function standIn(
  { store, observer, now, replies: all }: CachingParts,
  { ctx, key, plan, refresh, begun }: Visit,
  outer: readonly HeaderField[] | null,
  status: number,
): boolean {
  if (refresh || !FAILURES.has(status)) return false;
  const at = now();
  // Asked anew: it may have been purged while the handler ran.
  const entry = store.stale(key, at);
  if (entry === null || !mayOnError(entry, at)) return false;
  if (outer) restoreFields(ctx, outer);
  observer.stale(plan.route, entry, at, begun);
  const replies = all.for(ctx.req);
  replies.putAged(ctx, entry, at);
  const ttl = Math.floor((staleSince(entry) - at) / 1000);
  const forwarded = outer ? { fwdStatus: status } : { collapsed: true };
  replies.mark(ctx, 'STALE', { fwd: 'stale', ...forwarded, ttl, detail: 'stale-if-error' });
  return true;
}

/** Takes away what the failed handler had set. */
function restoreFields(ctx: Context, outer: readonly HeaderField[]): void {
  for (const name of ctx.res.getHeaderNames()) ctx.remove(name);
  for (const [name, value] of outer)
    ctx.set(name, Array.isArray(value) ? [...value.map(String)] : String(value));
}

function statusOf(error: unknown): number {
  const { status, statusCode } = Object(error) as { status?: unknown; statusCode?: unknown };
  const given = status ?? statusCode;
  return typeof given === 'number' ? given : 500;
}
