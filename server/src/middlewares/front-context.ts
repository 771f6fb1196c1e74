import type { IncomingMessage, ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Context } from 'koa';

/** What the cache and the rate limits read of a request that Koa has not been asked about yet. */
export type Exchange = Pick<Context, 'req' | 'res' | 'app' | 'request' | 'method' | 'path' | 'respond'>;

/** Stands in for Koa's context, whose making is a good part of what Koa costs. */
export class FrontContext implements Exchange {
  respond?: boolean;
  private made: Koa.Request | null = null;

  /** @param path as Koa would read it from the URL */
  constructor(
    readonly app: Koa,
    readonly req: IncomingMessage,
    readonly res: ServerResponse,
    readonly path: string,
  ) {}

  get method(): string {
    return this.req.method ?? '';
  }

  /** Koa's own request, for what depends on its proxy settings. */
  get request(): Koa.Request {
    if (this.made) return this.made;
    const request = Object.create(this.app.request) as Koa.Request;
    request.app = this.app;
    request.req = this.req;
    this.made = request;
    return request;
  }
}
