import { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import { PLUGIN_ID } from '../plugin-id';

/** An entry of `config/middlewares`: a name, or an object that names or resolves one. */
type MiddlewareEntry =
  string | { name?: string; resolve?: string; config?: object } | ((...args: never[]) => unknown);

export interface Placement {
  /** `edge`: before everything of the application. `late`: behind the last middleware that is not Strapi's own. */
  readonly at: 'edge' | 'late';
  readonly reason: string;
  /** Strapi's own middlewares that run inside of the lookup and so must be applied to a hit. */
  readonly inside: { readonly cors?: object; readonly compression?: object };
  /** Whether nothing of the application stands outside of the middleware, so that a request may be answered before Koa. */
  readonly alone: boolean;
  /** Whether the server calls nobody else's function before the stack. */
  readonly direct: boolean;
}

/** Answers a request before Koa is asked, or tells that it did not. */
export type Answerer = (req: IncomingMessage, res: ServerResponse) => boolean;

const nameOf = (entry: MiddlewareEntry): string =>
  typeof entry === 'string'
    ? entry
    : typeof entry === 'function'
      ? `function ${entry.name || '(anonymous)'}`
      : (entry.name ?? entry.resolve ?? '(unnamed)');

const configOf = (entry: MiddlewareEntry): object =>
  typeof entry === 'object' && entry.config ? entry.config : {};

const ANSWERED = Promise.resolve();

/** Strapi's own middlewares treat every visitor alike, `strapi::ip` does not. */
const isPlain = (name: string): boolean =>
  (name.startsWith('strapi::') && name !== 'strapi::ip') || name.startsWith(`plugin::${PLUGIN_ID}.`);

/**
 * Puts the caching middleware where it may answer: outermost on a plain stack, else right behind the last
 * middleware that is not Strapi's own. The stack is complete only when Koa composes it, so that is when the
 * place is taken (`@strapi/core/dist/services/server/http-server.js` composes at the first request).
 */
export class Stack {
  private blockStart = 0;
  private blockLength = 0;
  private foreignTail = 0;
  /** Middlewares of this plugin: no reason to step behind them. */
  private readonly own = new Set<Middleware>();

  constructor(private readonly strapi: Core.Strapi) {}

  private get entries(): MiddlewareEntry[] {
    return this.strapi.config.get<MiddlewareEntry[]>('middlewares', []);
  }

  private get installed(): Middleware[] {
    return this.strapi.server.app.middleware;
  }

  /** Installs a middleware of the plugin's own. */
  use(middleware: Middleware): void {
    this.own.add(middleware);
    this.strapi.server.use(middleware);
  }

  /** Remembers where the block of `config/middlewares` begins. Call right before Strapi installs it. */
  beforeBlock(): void {
    this.blockStart = this.installed.length;
  }

  /** Call at bootstrap, when the block stands. */
  afterBlock(): void {
    // strapi::session installs one more by itself (@strapi/core/dist/middlewares/session.js).
    const sessions = this.entries.filter((entry) => nameOf(entry) === 'strapi::session').length;
    this.blockLength = this.entries.length + sessions;
    this.foreignTail = this.blockStart + this.blockLength;
  }

  /**
   * Takes the final place just before Koa composes the stack.
   * @param slot the middleware that `register` put outermost
   * @param decided told once what was decided; what it returns is asked before Koa is
   */
  placeWhenComposed(
    slot: Middleware,
    force: 'auto' | 'edge' | 'route',
    decided: (p: Placement) => Answerer | null,
  ): void {
    const app = this.strapi.server.app;
    const compose = app.callback.bind(app);
    const own = (): ReturnType<typeof compose> => {
      const answers = decided({ ...this.place(slot, force), direct: app.callback === own });
      const handle = compose();
      if (!answers) return handle;
      return (req, res) => {
        // a request over HTTP/2, or one that never came over a connection, has another class
        const plain = req instanceof IncomingMessage && res instanceof ServerResponse;
        return plain && answers(req, res) ? ANSWERED : handle(req, res);
      };
    };
    app.callback = own;
  }

  private place(slot: Middleware, force: string): Omit<Placement, 'direct'> {
    const stack = this.installed;
    const from = stack.indexOf(slot);
    const alone = this.isAlone(from);
    const foreign = force === 'edge' ? null : this.lastForeign(from);
    if (!foreign) {
      const reason =
        force === 'edge' ? 'forced by the lookup option' : "only Strapi's own middlewares are installed";
      return { at: 'edge', reason, inside: this.inside(0), alone };
    }
    stack.splice(from, 1);
    stack.splice(foreign.index, 0, slot); // one left after the removal, so this is right behind it
    return {
      at: 'late',
      reason: `behind ${foreign.name}`,
      inside: this.inside(foreign.position + 1),
      alone: false,
    };
  }

  /** `createServer` of Strapi puts the request context outermost (@strapi/core/dist/services/server/index.js). */
  private isAlone(slot: number): boolean {
    const [, ...outside] = this.installed.slice(0, slot);
    return outside.every((middleware) => this.own.has(middleware));
  }

  /** The innermost middleware inside of the slot that is not Strapi's own. */
  private lastForeign(slot: number): { index: number; name: string; position: number } | null {
    const entries = this.entries;
    const routers = this.strapi.server.router ? this.routerMiddlewares() : 0;
    const tailEnd = this.installed.length - routers;
    if (tailEnd > this.foreignTail) {
      const name = this.installed[tailEnd - 1]?.name || 'anonymous';
      return {
        index: tailEnd - 1,
        name: `a middleware added at bootstrap (${name})`,
        position: entries.length,
      };
    }
    const sessionAhead = this.blockLength - entries.length;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      const name = entry === undefined ? '' : nameOf(entry);
      if (!isPlain(name)) return { index: this.blockStart + sessionAhead + i, name, position: i };
    }
    for (let i = this.blockStart - 1; i > slot; i--) {
      const middleware = this.installed[i];
      if (!middleware || this.own.has(middleware)) continue;
      const name = `a middleware added at register (${middleware.name || 'anonymous'})`;
      return { index: i, name, position: -1 };
    }
    return null;
  }

  /** `mount()` ends the stack with the router and its `allowedMethods`. */
  private routerMiddlewares(): number {
    return this.installed.filter((fn) => 'router' in fn || fn.name === 'allowedMethods').length;
  }

  private inside(position: number): Placement['inside'] {
    const within = this.entries.slice(Math.max(0, position));
    const find = (name: string): object | undefined => {
      const entry = within.find((item) => nameOf(item) === name);
      return entry === undefined ? undefined : configOf(entry);
    };
    const cors = find('strapi::cors');
    const compression = find('strapi::compression');
    return { ...(cors && { cors }), ...(compression && { compression }) };
  }
}
