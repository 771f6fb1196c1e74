import { channel } from 'node:diagnostics_channel';
import type { Core } from '@strapi/strapi';

/**
 * What falls away where a piece is missing. `uncached`: every request passes the cache by, and content that this
 * process changes is purged by whole types. `by-type`: a write purges whole types and join tables. `at-route`: lookups
 * happen inside of routes only. `no-limits`: nobody is limited.
 */
export type Consequence = 'uncached' | 'by-type' | 'at-route' | 'no-limits';

/** Something of Strapi, Koa or knex that is wrapped, or read beyond what is documented. */
export interface Piece {
  readonly name: string;
  /** What it is needed for. */
  readonly purpose: string;
  readonly without: Consequence;
  /** @returns whether it is there and looks as expected */
  present(strapi: Core.Strapi): boolean;
}

/** A piece that this Strapi does not have. */
export type MissingPiece = Pick<Piece, 'name' | 'purpose' | 'without'>;

type Shape = Readonly<Record<string, unknown>>;

/** Follows names from object to object. @throws TypeError on the way to nothing, which counts as missing */
const at = (from: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((it, name) => (it as Shape)[name], from);

const isFunction = (path: string) => (strapi: Core.Strapi) => typeof at(strapi, path) === 'function';

const methods = (object: string, names: string, purpose: string, without: Consequence): Piece[] =>
  names.split(' ').map((name) => ({
    name: `strapi.${object}.${name}`,
    purpose,
    without,
    present: isFunction(`${object}.${name}`),
  }));

/**
 * Everything that the plugin takes from Strapi, Koa and knex beyond their documented interfaces, in one place. Nothing
 * else may be wrapped or relied on.
 */
export const PIECES: readonly Piece[] = [
  ...methods('db.entityManager', 'findOne findMany count', 'tells what a response is made of', 'uncached'),
  ...methods(
    'db.entityManager',
    'create createMany update updateMany delete deleteMany',
    'tells what a write changes',
    'uncached',
  ),
  ...methods(
    'db.entityManager',
    'attachRelations updateRelations deleteRelations',
    'tells which links a write changes',
    'by-type',
  ),
  ...methods('db.lifecycles', 'run', "tells hooks of the application from Strapi's own work", 'uncached'),
  ...methods(
    'db',
    'transaction inTransaction queryBuilder getConnection',
    'joins the transaction of a write and learns of its commit',
    'uncached',
  ),
  ...methods('db.metadata', 'get has values', 'knows tables, columns and links', 'uncached'),
  {
    name: "strapi.get('auth').authenticate",
    purpose: 'tells what is read about the caller from what the response shows',
    without: 'uncached',
    present: (strapi) => typeof at(strapi.get('auth'), 'authenticate') === 'function',
  },
  {
    name: "strapi.get('auth').verify",
    purpose: 'notes which permissions a response depends on',
    without: 'uncached',
    present: (strapi) => typeof at(strapi.get('auth'), 'verify') === 'function',
  },
  {
    name: 'strapi.db.connection.client.transaction',
    purpose: 'learns when a transaction of knex has ended',
    without: 'uncached',
    present: isFunction('db.connection.client.transaction'),
  },
  {
    name: "strapi.db.connection.on('query')",
    purpose: 'sees SQL of the application',
    without: 'uncached',
    present: isFunction('db.connection.on'),
  },
  {
    name: 'strapi.server.router.match',
    purpose: 'finds the route of a request before it runs',
    without: 'uncached',
    present: (strapi) =>
      isFunction('server.router.match')(strapi) && Array.isArray(at(strapi, 'server.router.stack')),
  },
  {
    name: 'strapi.server.app.callback',
    purpose: 'answers plain hits before Koa, and looks at the stack when it is complete',
    without: 'at-route',
    present: (strapi) =>
      isFunction('server.app.callback')(strapi) && Array.isArray(at(strapi, 'server.app.middleware')),
  },
  {
    name: 'config.middlewares',
    purpose: 'places the lookup and the rate limit among the middlewares',
    without: 'no-limits',
    present: (strapi) => Array.isArray(strapi.config.get('middlewares', [])),
  },
];

/** Held for good: Node may forget the subscribers of a channel that was collected and made anew. */
const published = channel('upstash-cache.pieces');

/** What this Strapi lacks, and what is left without it. */
export class Compatibility {
  private constructor(readonly missing: readonly MissingPiece[]) {}

  /** Looks at every piece. Tests and debuggers may change the list before: it is published to a channel. */
  static probe(strapi: Core.Strapi): Compatibility {
    const pieces = [...PIECES];
    published.publish(pieces);
    return new Compatibility(
      pieces
        .filter((piece) => !isPresent(piece, strapi))
        .map(({ name, purpose, without }) => ({ name, purpose, without })),
    );
  }

  /** Whether responses may be stored and served at all. */
  get canCache(): boolean {
    return !this.lacks('uncached');
  }

  lacks(consequence: Consequence): boolean {
    return this.missing.some((piece) => piece.without === consequence);
  }

  /** One line for the log; null where nothing is missing. */
  get summary(): string | null {
    if (this.missing.length === 0) return null;
    const names = this.missing.map(({ name, purpose }) => `${name} (${purpose})`).join(', ');
    return `this version of Strapi lacks ${names}: ${this.effects().join('; ')}`;
  }

  private effects(): string[] {
    const wanted = new Set(this.missing.map((piece) => piece.without));
    return (Object.keys(EFFECTS) as Consequence[]).filter((it) => wanted.has(it)).map((it) => EFFECTS[it]);
  }
}

const EFFECTS: Readonly<Record<Consequence, string>> = {
  uncached: 'requests go uncached',
  'by-type': 'writes purge whole content types',
  'at-route': 'hits are answered inside of routes',
  'no-limits': 'rate limits are off, and hits are answered inside of routes',
};

function isPresent(piece: Piece, strapi: Core.Strapi): boolean {
  try {
    return piece.present(strapi);
  } catch {
    return false;
  }
}
