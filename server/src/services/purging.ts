import type { Core } from '@strapi/strapi';
import { z } from 'zod';
import type { Entry } from '../core/entry';
import { pathsOverlap } from '../core/path-overlap';
import { pathPattern, pathPatternProblem } from '../core/path-pattern';
import type { Store } from '../core/store';
import type { RouteTable } from '../strapi/route-table';
import type { Schema } from '../strapi/schema';
import {
  appTag,
  keyTag,
  lookupTag,
  routeTag,
  rowExistsTag,
  rowMeaningTag,
  rowTag,
  typeTag,
  type Dim,
  type RowId,
} from '../strapi/tags';
import { delivered, type Purges } from '../strapi/writes/purges';
import { liveEntries, pathOf, walkLiveEntries } from './entry-walk';

const text = z.string().min(1).max(512);
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(1000).optional();

const path = text.superRefine((value, context) => {
  const problem = pathPatternProblem(value);
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

const purgeRequest = z
  .strictObject({
    all: z.literal(true).optional(),
    types: list(text),
    documents: list(z.strictObject({ uid: text, documentId: text })),
    /** Path patterns such as `/api/articles/**`: responses to requests for these paths, whatever their query. */
    paths: list(path),
    tags: list(text),
    keys: list(text),
  })
  .refine(
    (request) => Object.values(request).some((it) => it !== undefined),
    'at least one of all, types, documents, paths, tags, keys',
  );

/** What to drop. Several selectors drop what any of them names. */
export type PurgeRequest = z.input<typeof purgeRequest>;

/** A purge that cannot be carried out as it was asked for. */
export class PurgeRequestError extends Error {
  override readonly name = 'PurgeRequestError';
}

export interface PurgeResult {
  /** Tags that were purged; 0 where everything was. */
  readonly tags: number;
  /** Entries that were named by key or path. */
  readonly keys: number;
  readonly all: boolean;
  /** Entries in the memory of this process that fell. */
  readonly entries: number;
  /** Milliseconds that it took. */
  readonly took: number;
  /** False while the shared store cannot be reached: this process is purged, the others will be. */
  readonly delivered: boolean;
}

/** How long a purge by hand waits for the shared store, milliseconds. */
const PATIENCE_MS = 5_000;

interface Selection {
  readonly all: boolean;
  readonly tags: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** Drops entries by hand: everything, types, documents, paths, tags of the application's own, single keys. */
export class Purging {
  /** @param onDropped told of entries that were dropped by name, and of everything (null) */
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly store: Store,
    private readonly purges: Purges,
    private readonly routes: RouteTable,
    private readonly onDropped: (keys: Iterable<string> | null) => void,
  ) {}

  /**
   * Resolves when every instance will learn of it, or says that it is not delivered yet.
   * @throws PurgeRequestError that names the selector, what was given and what is allowed
   */
  async purge(input: PurgeRequest): Promise<PurgeResult> {
    const { store, purges } = this;
    const selection = await this.select(input);
    const { all, tags, keys } = selection;
    const entries = liveEntries(store, Date.now()).filter((it) => falls(it, selection)).length;
    const startedAt = Date.now();
    this.onDropped(all ? null : keys);
    const cause = { source: 'manual', action: 'purge', entries } as const;
    const done = await delivered(all ? purges.everything(cause) : purges.now(tags, cause), PATIENCE_MS);
    // Invalid already; this frees their memory and what a shared tier holds of them.
    await Promise.all([...keys].map((key) => store.delete(key)));
    const took = Date.now() - startedAt;
    return { tags: tags.size, keys: keys.size, all, entries, took, delivered: done };
  }

  /** Entries in the memory of this process that a purge would drop. */
  async preview(input: PurgeRequest): Promise<Entry[]> {
    const selection = await this.select(input);
    const live = await walkLiveEntries(this.store, Date.now());
    return live.filter((entry) => falls(entry, selection));
  }

  private async select(input: PurgeRequest): Promise<Selection> {
    const request = parsePurgeRequest(input);
    if (request.all) return { all: true, tags: new Set(), keys: new Set() };
    const tags = new Set((request.tags ?? []).map(appTag));
    const keys = new Set(request.keys ?? []);
    for (const uid of request.types ?? []) tags.add(typeTag(this.knownType(uid)));
    for (const { uid, documentId } of request.documents ?? [])
      for (const tag of await this.documentTags(this.knownType(uid), documentId)) tags.add(tag);
    for (const pattern of request.paths ?? []) this.addPath(pattern, tags, keys);
    for (const key of keys) tags.add(keyTag(key));
    return { all: false, tags, keys };
  }

  /** What other instances hold is not known here: of a shared store every response of the routes in question falls. */
  private addPath(pattern: string, tags: Set<string>, keys: Set<string>): void {
    const { store, routes } = this;
    const matches = pathPattern(pattern);
    for (const entry of liveEntries(store, Date.now())) if (matches(pathOf(entry) ?? '')) keys.add(entry.key);
    if (store.kind === 'memory') return;
    for (const template of routes.templates)
      if (pathsOverlap(pattern, template)) tags.add(routeTag(template));
  }

  /** Whatever shows a row of the document or was found by its id, in every status and locale. */
  async documentTags(uid: string, documentId: string): Promise<string[]> {
    const model = this.schema.model(uid);
    const rows = (await this.strapi.db.query(uid).findMany({
      where: { documentId },
      select: ['id', 'locale'],
    })) as { id: RowId; locale: string | null }[];
    const locales = model.hasLocale ? ['*', ...new Set(rows.map((row) => String(row.locale)))] : ['-'];
    const dims = model.statuses.flatMap((status) => locales.map((locale): Dim => `${status}|${locale}`));
    return [
      ...rows.flatMap(({ id }) => [rowTag(uid, id), rowExistsTag(uid, id), rowMeaningTag(uid, id)]),
      ...dims.map((dim) => lookupTag(uid, dim, 'documentId', documentId.toLowerCase())),
    ];
  }

  private knownType(uid: string): string {
    if (this.schema.has(uid)) return uid;
    const known = Object.keys(this.strapi.contentTypes).filter((it) => it.startsWith('api::'));
    throw new PurgeRequestError(
      `purge: "${uid}" is not a content type of this application; there are ${known.join(', ')}`,
    );
  }
}

const falls = (entry: Entry, { all, tags, keys }: Selection): boolean =>
  all || keys.has(entry.key) || entry.tags.some((tag) => tags.has(tag));

/** @throws PurgeRequestError that names the selector and what is wrong with it */
function parsePurgeRequest(input: unknown): PurgeRequest {
  const parsed = purgeRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
  throw new PurgeRequestError(`purge: ${lines.join('; ')}`);
}
