import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from 'koa';
import { entryKey } from '../core/key';
import { requestDirectives, type RequestDirectives } from '../core/request-directives';
import type { CachePlan } from '../strapi/plan';

/** Why a request goes past the cache by what it asks. */
export function requestRefusal(headers: IncomingHttpHeaders, cookies: readonly string[]): string | null {
  if (headers.range !== undefined) return 'range';
  return cookies.length > 0 && hasCookie(headers.cookie, cookies) ? 'cookie' : null;
}

function hasCookie(sent: string | undefined, names: readonly string[]): boolean {
  if (sent === undefined) return false;
  return sent.split(';').some((pair) => names.includes(pair.split('=', 1)[0]?.trim() ?? ''));
}

/** The key of what a principal may get for a request. The common case is computed once per plan. */
export function keyFor(
  headers: IncomingHttpHeaders,
  plan: CachePlan,
  principal: string,
  context: string,
): string {
  const plain = context === '' && plan.treatment.keyedHeaders.every((name) => headers[name] === undefined);
  const known = plain ? plan.keys.get(principal) : undefined;
  if (known !== undefined) return known;
  const key = makeKey(plan, principal, context, headers);
  if (plain) plan.keys.add(principal, key);
  return key;
}

/** The key of the same without any of the headers that variants are told apart by. */
export function baseKeyFor(plan: CachePlan, principal: string, context: string): string {
  return (context === '' && plan.keys.get(principal)) || makeKey(plan, principal, context, {});
}

function makeKey(plan: CachePlan, principal: string, context: string, given: IncomingHttpHeaders): string {
  const headers = plan.treatment.keyedHeaders.map((name) => {
    const value = given[name];
    return [name, value === undefined ? '' : `=${String(value)}`] as const;
  });
  return entryKey({ path: `${plan.stamp} ${plan.path}`, query: plan.query, principal, headers, context });
}

/** What Strapi itself puts into the state of every request; what it says is part of the key in other ways. */
const OWN_STATE = new Set([
  'route',
  'auth',
  'user',
  'session',
  'isAuthenticated',
  'isAuthenticatedAdmin',
  'userAbility',
]);

/**
 * What middlewares and policies outside of the lookup left in the request state, as part of the key.
 * @returns null when it cannot be written down
 */
export function stateContext(ctx: Context): string | null {
  const state = ctx.state as Record<string, unknown>;
  const names = Object.keys(state).filter((name) => !OWN_STATE.has(name));
  if (names.length === 0) return '';
  try {
    const text = JSON.stringify(
      names.sort().map((name) => [name, state[name]]),
      (_name, value: unknown) => {
        if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('not data');
        return value;
      },
    );
    return text.length <= 4096 ? text : null;
  } catch {
    return null;
  }
}

interface Credentials {
  readonly type?: unknown;
  readonly permissions?: unknown;
  readonly role?: { readonly id?: unknown };
}

/**
 * What authentication has found out, for a lookup inside of a route: there it ran before the lookup, so what it read
 * is not among the dependencies of the entry and must be part of the key.
 */
export function callerContext(ctx: Context): string {
  const auth = ctx.state.auth as
    { strategy?: { name?: string }; credentials?: Credentials | null } | undefined;
  const { type, permissions, role } = auth?.credentials ?? {};
  return JSON.stringify([auth?.strategy?.name ?? null, role?.id ?? null, type ?? null, permissions ?? null]);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Knows the callers whose `Cache-Control` is obeyed: if everybody's were, anybody could defeat the cache. */
export class Trust {
  private readonly secret: Buffer;

  constructor(
    private readonly header: string,
    secret: string,
  ) {
    this.secret = digest(secret);
  }

  /** What a trusted caller asks for; null for anybody else, and for one who asks for nothing. */
  asked(headers: IncomingHttpHeaders): RequestDirectives | null {
    const given = headers[this.header];
    const wanted = headers['cache-control'];
    if (given === undefined || wanted === undefined) return null;
    return timingSafeEqual(digest(String(given)), this.secret) ? requestDirectives(wanted) : null;
  }
}
