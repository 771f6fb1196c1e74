import { LRUCache } from 'lru-cache';
import type { Context } from 'koa';
import type { Digest } from '../core/limits/partition';
import type { Caller } from '../core/limits/request-facts';
import type { FrontContext } from './rate-limit-facts';

/** How long an unused credential goes on naming its caller, milliseconds. */
const TRUST_MS = 600_000;

/** What Strapi leaves in the request state after authentication (`@strapi/core/dist/services/auth/index.js`). */
interface AuthState {
  readonly auth?: { readonly strategy?: { readonly name?: string }; readonly credentials?: unknown };
}

/**
 * Which callers stand behind credentials, learned from requests that the application has authenticated. Limits are
 * decided before authentication, and a credential that was never verified names nobody: random tokens count for the
 * address they come from.
 */
export class Callers {
  private readonly known = new LRUCache<string, Caller>({ max: 10_000, ttl: TRUST_MS, updateAgeOnGet: true });

  constructor(private readonly digest: Digest) {}

  of(ctx: Context | FrontContext): Caller | null {
    const credential = bearer(ctx);
    return credential === null ? null : (this.known.get(this.digest(credential)) ?? null);
  }

  /** For a hit that is stored under the credential: whoever stored it may know the caller. */
  remember(ctx: Context, caller: Caller): void {
    const credential = bearer(ctx);
    if (credential !== null) this.known.set(this.digest(credential), caller);
  }

  /** Call when a request has been handled: remembers whom the application found, forgets whom it refused. */
  learn(ctx: Context): void {
    const credential = bearer(ctx);
    if (credential === null) return;
    const caller = authenticated(ctx);
    if (caller) this.remember(ctx, caller);
    else if (ctx.status === 401) this.known.delete(this.digest(credential));
  }
}

/** The token of a `Bearer` credential, read as Strapi's strategies read it (RFC 6750 section 2.1). */
function bearer(ctx: Context | FrontContext): string | null {
  const { authorization } = ctx.req.headers;
  if (authorization === undefined) return null;
  const [scheme = '', token, more] = authorization.split(/\s+/);
  return scheme.toLowerCase() === 'bearer' && token && more === undefined ? token : null;
}

function authenticated(ctx: Context): Caller | null {
  const { auth } = ctx.state as AuthState;
  const credentials = auth?.credentials;
  if (!isRecord(credentials) || credentials.id === undefined) return null;
  const id = String(credentials.id);
  if (auth?.strategy?.name === 'users-permissions') {
    const role = isRecord(credentials.role) ? [credentials.role.type, credentials.role.name] : [];
    return { kind: 'user', id, roles: role.filter((name) => typeof name === 'string') };
  }
  if (auth?.strategy?.name === 'content-api-token' || auth?.strategy?.name === 'api-token')
    return { kind: 'token', id, ...(typeof credentials.name === 'string' && { name: credentials.name }) };
  return null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
