import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { Core } from '@strapi/strapi';
import inject from 'light-my-request';

export interface SelfRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of the request before anybody else sees it. */
  readonly begin?: (request: IncomingMessage) => void;
}

const AGENT = 'strapi-plugin-upstash-cache';

/** Requests that this process made itself. Nothing that arrives over the wire can be among them. */
const own = new WeakSet<object>();

export const isSelfRequest = (request: object): boolean => own.has(request);

/** Runs in the outermost async context: a transaction or a request that is open around the caller is left behind. */
export const outside = AsyncLocalStorage.snapshot();

/**
 * Runs a request through the application's own HTTP server, without a socket: router, authentication, cache and every
 * middleware see it as any other. Resolves when the response has ended.
 * @throws Error when the response was destroyed before its end
 */
export async function selfRequest(strapi: Core.Strapi, request: SelfRequest): Promise<{ status: number }> {
  const { method, url, headers, begin } = request;
  const response = await outside(() =>
    inject(
      (req, res) => {
        req.url = url; // as it was written: the library parses and writes it anew
        own.add(req);
        begin?.(req);
        strapi.server.httpServer.emit('request', req, res);
      },
      { method, url: '/', headers: { 'user-agent': AGENT, ...headers }, validate: false },
    ).end(),
  );
  return { status: response.statusCode };
}
