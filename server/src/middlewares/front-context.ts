import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import type { Context } from 'koa';

/** What is known of a request before Node or Koa has made anything of it. */
export type FrontRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'socket'>;

/** What the cache and the rate limits read of a request that Koa has not been asked about yet. */
export type Exchange = Pick<Context, 'app' | 'request' | 'method' | 'path' | 'respond'> & {
  readonly req: FrontRequest;
};

/** Stands in for Koa's context, whose making is a good part of what Koa costs. */
export class FrontContext implements Exchange {
  respond?: boolean;
  private made: Koa.Request | null = null;

  /** @param path as Koa would read it from the URL */
  constructor(
    readonly app: Koa,
    readonly req: FrontRequest,
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
    request.req = this.req as IncomingMessage;
    this.made = request;
    return request;
  }
}
