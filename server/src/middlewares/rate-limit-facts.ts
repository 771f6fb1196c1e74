import type Koa from 'koa';
import type { Context } from 'koa';
import type { Caller, RequestFacts } from '../core/limits/request-facts';
import type { Callers } from './rate-limit-callers';

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

  get address(): string {
    return clientAddress(this.ctx);
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

/**
 * The address of the client by the proxy settings of the server, `ctx.request.ip`, but for one case: with a proxy
 * and without `server.proxy.maxIpsCount`, Koa takes the first address of `X-Forwarded-For`, which the client
 * itself may have written, for proxies append. Then the last one counts: the address that the nearest proxy saw.
 */
function clientAddress(ctx: Context | FrontContext): string {
  if (!ctx.app.proxy) return ctx.req.socket.remoteAddress ?? '';
  const { ips } = ctx.request;
  const last = ips.at(-1);
  return last !== undefined && !(ctx.app.maxIpsCount > 0) ? last : ctx.request.ip;
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
