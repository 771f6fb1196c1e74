import type Koa from 'koa';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import type { Digest } from '../core/limits/partition';
import type { Caller, RequestFacts } from '../core/limits/request-facts';

/** What the limits read of a request that Koa has not been asked about yet: Koa's own context costs more. */
export class FrontContext implements Pick<Context, 'app' | 'req' | 'request' | 'method' | 'path'> {
  private made: Koa.Request | null = null;

  /** @param path as Koa would read it from the URL */
  constructor(
    readonly app: Koa,
    readonly req: Context['req'],
    readonly path: string,
  ) {}

  get method(): string {
    return this.req.method ?? '';
  }

  /** Koa's own request, for what depends on its proxy settings. */
  get request(): Koa.Request {
    if (this.made) return this.made;
    const { app, req } = this;
    this.made = Object.assign(Object.create(app.request) as Koa.Request, { app, req });
    return this.made;
  }
}

/** Reads the facts of a Koa request; the caller only when a policy asks. */
export class KoaFacts implements RequestFacts {
  private known: Caller | null | undefined;

  constructor(
    private readonly ctx: Context | FrontContext,
    private readonly callers: Callers,
  ) {}

  get method(): string {
    return this.ctx.method;
  }

  get path(): string {
    return this.ctx.path;
  }

  /**
   * The address of the client by the proxy settings of the server, `ctx.request.ip`, but for one case: with a proxy
   * and without `server.proxy.maxIpsCount`, Koa takes the first address of `X-Forwarded-For`, which the client
   * itself may have written, for proxies append. Then the last one counts: the address that the nearest proxy saw.
   */
  get address(): string {
    const { app, req } = this.ctx;
    if (!app.proxy) return req.socket.remoteAddress ?? '';
    const last = this.ctx.request.ips.at(-1);
    return last !== undefined && !(app.maxIpsCount > 0) ? last : this.ctx.request.ip;
  }

  get preflight(): boolean {
    const { method, headers } = this.ctx.req;
    return (
      method === 'OPTIONS' &&
      headers.origin !== undefined &&
      headers['access-control-request-method'] !== undefined
    );
  }

  get caller(): Caller | null {
    if (this.known === undefined) this.known = this.callers.of(this.ctx);
    return this.known;
  }

  header(name: string): string | undefined {
    const value = this.ctx.req.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

/** What is wrong with the proxy settings of the server, seen from a request; null when nothing is. */
export function proxyProblem(ctx: Context | FrontContext): string | null {
  const forwarded = ctx.req.headers['x-forwarded-for'];
  if (forwarded === undefined) return null;
  if (!ctx.app.proxy)
    return (
      'X-Forwarded-For arrives but server.proxy.koa is off: rate limits take all visitors behind a proxy for one. ' +
      'Behind a proxy set server.proxy.koa to true; without one the header is a forgery and nothing is wrong'
    );
  if (ctx.request.ips.length > 1 && !(ctx.app.maxIpsCount > 0))
    return (
      'X-Forwarded-For arrives with several addresses: rate limits count the last one, since clients can write ' +
      'the others. Set server.proxy.maxIpsCount to the number of proxies in front of Strapi'
    );
  return null;
}

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

  /** Call when a request has been handled: remembers whom the application found, forgets whom it refused. */
  learn(ctx: Context): void {
    const credential = bearer(ctx);
    if (credential === null) return;
    const caller = authenticated(ctx);
    if (caller) this.known.set(this.digest(credential), caller);
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
