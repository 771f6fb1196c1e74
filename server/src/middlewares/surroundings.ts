import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Core } from '@strapi/strapi';
import type { Context, Middleware } from 'koa';
import { LRUCache } from 'lru-cache';
import type { Entry } from '../core/entry';
import type { HeaderField } from '../core/stored-headers';
import type { Placement } from '../strapi/stack';
import { responseFields } from './capture';
import type { Codings } from './codings';
import type { HitResponse, Served } from './hit-response';
import type { Replies } from './reply';

/** What `strapi::cors` does to a hit for one origin. */
export interface CorsAnswer {
  /** The fields that it sets, but for `Vary: Origin`: name, value, name, value ... */
  readonly fields: readonly string[];
  /** The fields that it has left in the entry, whose fill had no origin, by name in lower case. They give way. */
  readonly ofFill: ReadonlyMap<string, string>;
}

/** Longer origins are not remembered. */
const LONGEST = 256;

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Strapi's own middlewares that lie inside of the lookup, applied to a reply that never reached them. They are the
 * application's own, with its own configuration: nothing here imitates CORS or compression.
 */
export class Surroundings {
  private readonly cors: Middleware | null;
  private readonly compression: Middleware | null;
  private readonly answers = new LRUCache<string, CorsAnswer>({ max: 1000 });
  private readonly asked = new Set<string>();
  private withoutOrigin: Promise<ReadonlyMap<string, string>> | null = null;

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly inside: Placement['inside'],
    /** Whether nobody outside of the lookup may look at a hit. */
    readonly alone: boolean,
    private readonly deps: { readonly replies: Replies; readonly codings: Codings | null },
  ) {
    this.cors = this.create('strapi::cors', inside.cors);
    this.compression = this.create('strapi::compression', inside.compression);
  }

  /**
   * A hit to write to the response as it is. Ask only where nobody stands outside of the lookup.
   * @returns null where the application's own CORS or compression has to be run for this request
   */
  rawHit(req: IncomingMessage, entry: Entry, now: number, served: Served): HitResponse | null {
    const { codings, replies } = this.deps;
    const { origin } = req.headers;
    const cross = origin !== undefined && this.cors !== null;
    const cors = cross ? this.corsAnswer(origin) : null;
    if (cross && cors === null) return null;
    const shown = codings ? codings.shown(req.headers, entry) : entry;
    if (shown === entry && this.compression !== null) return null;
    return replies.for(req).hits.of(shown, req, now, served, cors);
  }

  /**
   * What CORS does to a reply. With a configuration of constants that is all it goes by; a function in it may go by
   * anything, so then nothing is remembered.
   * @returns null while it is not known; then it is being asked
   */
  private corsAnswer(origin: string): CorsAnswer | null {
    const known = this.answers.get(origin);
    if (known) return known;
    const { cors } = this.inside;
    if (cors && isConstant(cors) && origin.length <= LONGEST && !this.asked.has(origin))
      void this.learn(origin);
    return null;
  }

  private async learn(origin: string): Promise<void> {
    this.asked.add(origin);
    try {
      const ofFill = await this.corsFields();
      const set = await this.askCors(origin);
      const fields = set.flatMap(([name, value]) => (/^vary$/i.test(name) ? [] : [name, String(value)]));
      this.answers.set(origin, { fields, ofFill });
    } catch {
      // the request goes through the stack, where an error is answered
    } finally {
      this.asked.delete(origin);
    }
  }

  /** Applies what depends on the one request to a reply that stands complete in `ctx`. */
  async apply(ctx: Context): Promise<void> {
    if (this.cors && ctx.req.headers.origin !== undefined) await this.cors(ctx, nothing);
    if (this.compression) await this.compression(ctx, nothing);
  }

  /** Does so for a reply that ran through the stack without its `Origin`, where there is anything to apply. */
  applyAfterFill(ctx: Context): Promise<void> | undefined {
    const crossOrigin = this.cors !== null && ctx.req.headers.origin !== undefined;
    return crossOrigin || this.compression !== null ? this.applyAnew(ctx, crossOrigin) : undefined;
  }

  /** What the stack left without an `Origin` gives way. */
  private async applyAnew(ctx: Context, crossOrigin: boolean): Promise<void> {
    if (crossOrigin)
      for (const [name, value] of await this.corsFields())
        if (String(ctx.res.getHeader(name)) === value) ctx.remove(name);
    await this.apply(ctx);
  }

  /**
   * The CORS fields that every response without `Origin` carries. A stored field that is one of these belongs to
   * the middleware and gives way to its answer for an actual origin; one that differs is the handler's and stays.
   */
  corsFields(): Promise<ReadonlyMap<string, string>> {
    this.withoutOrigin ??= this.askCors(undefined).then(accessControl);
    return this.withoutOrigin;
  }

  /** What CORS sets on the empty answer to a request that nobody has made. */
  private async askCors(origin: string | undefined): Promise<HeaderField[]> {
    if (!this.cors) return [];
    const ctx = requestOfNobody(this.strapi, '/');
    if (origin !== undefined) ctx.req.headers.origin = origin;
    await this.cors(ctx, nothing);
    return responseFields(ctx);
  }

  private create(
    name: 'strapi::cors' | 'strapi::compression',
    config: object | undefined,
  ): Middleware | null {
    if (!config) return null;
    const factory = this.strapi.middleware(name);
    return (factory(config, { strapi: this.strapi }) as Middleware | undefined) ?? null;
  }
}

/** A GET that nobody has made. */
export function requestOfNobody(strapi: Core.Strapi, url: string): Context {
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  request.url = url;
  return strapi.server.app.createContext(request, new ServerResponse(request)) as unknown as Context;
}

/** The fields of CORS among others, by name in lower case. */
function accessControl(fields: readonly HeaderField[]): ReadonlyMap<string, string> {
  const lower = fields.map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return new Map(lower.filter(([name]) => name.startsWith('access-control-')));
}

const isConstant = (config: object): boolean =>
  Object.values(config).every((value) => typeof value !== 'function');
