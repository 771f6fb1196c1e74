import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { CachePlan } from '../strapi/plan';

/**
 * Request headers that Strapi's stack reads on any request without letting an answer depend on them, and those
 * that are part of the key or undone at the reply.
 */
const HARMLESS = new Set([
  'authorization', // part of the key: the principal
  'origin', // absent while a fill runs; CORS is applied to the reply
  'access-control-request-method',
  'access-control-request-headers',
  'accept-encoding', // absent while a fill runs; compression is applied to the reply
  'if-none-match',
  'if-modified-since',
  'content-type',
  'content-length',
  'transfer-encoding',
  'strapi-encode-source-maps', // part of the key
  'strapi-response-format',
]);

/** Taken away while a fill runs: what is stored must be the whole response, never a 304. */
const CONDITIONS = new Set(['if-none-match', 'if-modified-since']);
/** Taken away too, so that what is stored is right for every caller of the key. */
const OF_EXCHANGE = new Set([...CONDITIONS, 'origin', 'accept-encoding']);
/** The same where everybody gets what the public gets. */
const OF_CALLER = new Set([...OF_EXCHANGE, 'authorization']);

/** The router asks for the host before it knows the route (`@koa/router`, `matchHost`); Strapi's routes have none. */
const READ_BY_ROUTER = new Set(['host', 'x-forwarded-host', ':authority']);

export interface Narrowed {
  /**
   * The first header that the handler read although the key does not cover it, or null.
   * @param isWordless the body is not sent: Koa words that of a redirect by `Accept`
   */
  uncovered(isWordless: boolean): string | null;
  restore(): void;
}

/**
 * Shows the handler only what the key covers. Headers that answer one exchange are withheld; the others stay
 * readable, but a handler that reads one which is not part of the key has made its answer for this caller alone.
 * @param withhold whether CORS and compression are undone too; false inside of a route, where CORS and compression lie outside and do their own work
 */
export function narrowRequest(ctx: Context, plan: CachePlan, withhold: boolean): Narrowed {
  const { req } = ctx;
  const covered = plan.treatment.keyedHeaders;
  const original = req.headers;
  const withheld = !withhold ? CONDITIONS : plan.treatment.callers === 'public' ? OF_CALLER : OF_EXCHANGE;
  const visible: IncomingHttpHeaders = {};
  for (const name of Object.keys(original)) if (!withheld.has(name)) visible[name] = original[name];
  let uncovered: string | null = null;
  let negotiated = false;
  const note = (name: string): void => {
    if (uncovered !== null || HARMLESS.has(name) || covered.includes(name)) return;
    if (READ_BY_ROUTER.has(name) && ctx.state.route === undefined) return;
    if (name === 'accept') negotiated = true;
    else uncovered = name;
  };
  const watched = new Proxy(visible, {
    get(target, name, receiver) {
      if (typeof name === 'string') note(name.toLowerCase());
      return Reflect.get(target, name, receiver) as unknown;
    },
    has(target, name) {
      if (typeof name === 'string') note(name.toLowerCase());
      return Reflect.has(target, name);
    },
    ownKeys(target) {
      note('(all)');
      return Reflect.ownKeys(target);
    },
  });
  showHeaders(req, watched);
  // a session that has a store was read before the lookup, by a cookie
  const restoreSession = watchSession(ctx, () => note('cookie'));
  return {
    uncovered: (isWordless) => uncovered ?? (negotiated && !isWordless ? 'accept' : null),
    restore() {
      restoreSession();
      showHeaders(req, original);
    },
  };
}

function watchSession(ctx: Context, noteRead: () => void): () => void {
  if (!('session' in ctx)) return () => undefined;
  const inherited = Object.getPrototypeOf(ctx) as object;
  Object.defineProperty(ctx, 'session', {
    configurable: true,
    get() {
      noteRead();
      return Reflect.get(inherited, 'session', ctx) as unknown;
    },
    set(session: unknown) {
      noteRead();
      Reflect.set(inherited, 'session', session, ctx);
    },
  });
  return () => void Reflect.deleteProperty(ctx, 'session');
}

function showHeaders(req: IncomingMessage, headers: IncomingHttpHeaders): void {
  // The messages of node:http have a setter (node/lib/_http_incoming.js); those of node:http2 have a getter alone.
  if (Reflect.set(req, 'headers', headers)) return;
  Object.defineProperty(req, 'headers', { value: headers, configurable: true, writable: true });
}
