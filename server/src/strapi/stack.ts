import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import { PLUGIN_ID } from '../plugin-id';

/** An entry of `config/middlewares`: a name, or an object that names or resolves one. */
export type MiddlewareEntry =
  string | { name?: string; resolve?: string; config?: object } | ((...args: never[]) => unknown);

/** The plugin's own entries, by the names under which Strapi finds them. */
export const OWN = {
  /** Decides about rate limits. */
  limits: 'rate-limit-outer',
  /** Answers requests that were refused. */
  refusal: 'rate-limit',
  /** Waits for the purges of a request. */
  purges: 'purges',
  /** Answers from the cache. */
  lookup: 'lookup',
} as const;

const entryOf = (name: keyof typeof OWN): string => `plugin::${PLUGIN_ID}.${OWN[name]}`;

/** What Strapi installs where there is no `config/middlewares` (`@strapi/core/dist/services/server/register-middlewares.js`). */
export const STRAPI_DEFAULT: readonly MiddlewareEntry[] = [
  'strapi::logger',
  'strapi::errors',
  'strapi::security',
  'strapi::cors',
  'strapi::poweredBy',
  'strapi::session',
  'strapi::query',
  'strapi::body',
  'strapi::favicon',
  'strapi::public',
];

export interface Placement {
  /**
   * `edge`: before everything of the application. `late`: behind its middlewares. `route`: inside of every route.
   */
  readonly at: 'edge' | 'late' | 'route';
  readonly reason: string;
  /** Strapi's own middlewares that run inside of the lookup and so must be applied to a hit. */
  readonly inside: { readonly cors?: object; readonly compression?: object };
  /** Whether nobody outside of the lookup may look at a hit, so that it can be written before Koa is asked. */
  readonly alone: boolean;
}

/** Answers a request before Koa is asked, or tells that it did not. */
export type RequestAnswerer = (
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
) => boolean;

const nameOf = (entry: MiddlewareEntry): string =>
  typeof entry === 'string'
    ? entry
    : typeof entry === 'function'
      ? `function ${entry.name || '(anonymous)'}`
      : (entry.name ?? entry.resolve ?? '(unnamed)');

const configOf = (entry: MiddlewareEntry): Record<string, unknown> =>
  typeof entry === 'object' && entry.config ? { ...entry.config } : {};

/** Strapi's own middlewares treat every visitor alike, `strapi::ip` does not. */
function isForeign(entry: MiddlewareEntry): boolean {
  const name = nameOf(entry);
  return !(name.startsWith('strapi::') && name !== 'strapi::ip') && !name.startsWith(`plugin::${PLUGIN_ID}.`);
}

/** A refusal is thrown inside of these: they make a response of it, log it and add the CORS fields. */
const AROUND_REFUSALS = ['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors'];

/**
 * Adds the plugin's entries: the lookup first on a plain stack, else right behind the last foreign entry.
 * @param hasLimits whether there are rate limits
 */
export function withOwnEntries(given: readonly MiddlewareEntry[], hasLimits: boolean): MiddlewareEntry[] {
  const behind = given.findLastIndex(isForeign) + 1;
  const outside = given.slice(0, behind);
  // Hits of a plain stack need not wait for purges. Middlewares of the application may cause some before the lookup.
  const lookup = behind === 0 ? [entryOf('lookup'), entryOf('purges')] : [entryOf('lookup')];
  const entries = [...outside, ...lookup, ...given.slice(behind)];
  if (behind > 0) entries.unshift(entryOf('purges'));
  if (!hasLimits) return entries;
  entries.unshift(entryOf('limits'));
  // without this one a thrown refusal would not become an answer
  if (!given.some((entry) => nameOf(entry) === 'strapi::errors')) return entries;
  const last = entries.findLastIndex((entry) => AROUND_REFUSALS.includes(nameOf(entry)));
  return entries.toSpliced(last + 1, 0, entryOf('refusal'));
}

const ANSWERED = Promise.resolve();

/** The global middlewares of the application, and the place of the lookup among them. */
export class Stack {
  /** `config.middlewares` as Strapi has installed it. */
  private entries: readonly MiddlewareEntry[] = [];

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly lookup: Middleware,
  ) {}

  private get configured(): readonly MiddlewareEntry[] {
    return this.strapi.config.get<readonly MiddlewareEntry[]>('middlewares', STRAPI_DEFAULT);
  }

  /** Call after every `register`, right before Strapi installs `config.middlewares`. */
  addOwnEntries(hasLimits: boolean): void {
    this.strapi.config.set('middlewares', withOwnEntries(this.configured, hasLimits));
  }

  /** The lookup, at the moment when Strapi installs it. */
  install(): Middleware {
    this.entries = this.configured;
    return this.lookup;
  }

  /**
   * Reads the place of the lookup when the stack is complete: Strapi composes it at the first request
   * (`@strapi/core/dist/services/server/http-server.js`).
   * @param decided told of the place; what it returns is asked before Koa is
   */
  whenComposed(decided: (placement: Placement) => RequestAnswerer | null): void {
    const { app } = this.strapi.server;
    const compose = app.callback.bind(app);
    app.callback = () => {
      const answers = decided(this.placement());
      const handle = compose();
      return answers ? (req, res) => (answers(req, res) ? ANSWERED : handle(req, res)) : handle;
    };
  }

  private placement(): Placement {
    const { entries } = this;
    const { middleware } = this.strapi.server.app;
    const at = entries.indexOf(entryOf('lookup'));
    const installed = middleware.indexOf(this.lookup);
    const sessions = entries.filter((entry) => nameOf(entry) === 'strapi::session');
    // Strapi's request context is the first, and strapi::session installs one more by itself ahead of the others
    // (@strapi/core/dist/services/server/index.js and middlewares/session.js).
    const early = middleware.slice(1, Math.max(1, installed - at - sessions.length));
    const outside = entries.slice(0, Math.max(0, at)).findLast(isForeign);
    const inside = this.firstInside(at, installed);
    const common = {
      inside: innerMiddlewares(entries.slice(at + 1)),
      // a session store is read outside of the lookup, and may have its cookie renewed on any answer
      alone: early.length === 0 && !outside && !sessions.some(hasStore),
    };
    if (inside !== null) return { at: 'route', reason: `behind ${inside}`, ...common };
    if (outside) return { at: 'late', reason: `behind ${nameOf(outside)}`, ...common };
    const [first] = early;
    if (first) return { at: 'late', reason: `behind ${addedAt('register', first)}`, ...common };
    return { at: 'edge', reason: "only Strapi's own middlewares are installed", ...common };
  }

  /** Who ended up inside of the lookup and is not Strapi's own. */
  private firstInside(at: number, installed: number): string | null {
    if (at < 0 || installed < 0) return 'a change of config.middlewares that lost the lookup';
    const entry = this.entries.slice(at + 1).find(isForeign);
    if (entry) return nameOf(entry);
    const { middleware } = this.strapi.server.app;
    // `mount()` ends the stack with the router and its `allowedMethods`
    const added = middleware
      .slice(installed - at + this.entries.length)
      .find((it) => !('router' in it) && it.name !== 'allowedMethods');
    return added ? addedAt('bootstrap', added) : null;
  }
}

const addedAt = (moment: string, { name }: Middleware): string =>
  `a middleware added at ${moment} (${name || 'anonymous'})`;

const hasStore = (entry: MiddlewareEntry): boolean => {
  const { store, ContextStore } = configOf(entry);
  return store !== undefined || ContextStore !== undefined;
};

function innerMiddlewares(entries: readonly MiddlewareEntry[]): Placement['inside'] {
  const find = (name: string): object | undefined => {
    const entry = entries.find((item) => nameOf(item) === name);
    return entry === undefined ? undefined : configOf(entry);
  };
  const cors = find('strapi::cors');
  const compression = find('strapi::compression');
  return { ...(cors && { cors }), ...(compression && { compression }) };
}
