import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core, UID } from '@strapi/strapi';
import { afterAll, beforeAll, expect } from 'vitest';
import { ROOT } from '../../support/root';
import { startSite, type Site as Running, type SiteOptions } from '../../support/strapi';

const require = createRequire(path.join(ROOT, 'playground/dist/index.js'));

type Effect = 'kept' | 'dropped';
type Row = { id: number; documentId: string } & Record<string, unknown>;

type Handler = (strapi: Core.Strapi) => Promise<unknown>;
let statistics: Handler | null = null;

/** Routes keep the action that they were composed with, so the way out is made before. */
function giveWay(): void {
  type Actions = { overview(): Promise<unknown> };
  const module = require('./src/api/statistic/controllers/statistic') as {
    default: (params: { strapi: Core.Strapi }) => Actions;
  };
  const original = module.default;
  const factory: typeof original = (params) => {
    const actions = original(params);
    return {
      overview: async () => (statistics ? { data: await statistics(params.strapi) } : actions.overview()),
    };
  };
  const file = require.resolve('./src/api/statistic/controllers/statistic');
  const loaded = require.cache[file];
  if (loaded) loaded.exports = { __esModule: true, default: factory };
}

/** A site with what the tests of tracking ask of it. */
export class Site {
  private constructor(private readonly running: Running) {}

  static async start(options: SiteOptions = {}): Promise<Site> {
    giveWay();
    return new Site(await startSite(options));
  }

  get strapi(): Core.Strapi {
    return this.running.strapi;
  }

  get origin(): string {
    return this.running.origin;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  /**
   * What a write does to answers that are cached: each is then asked for again, and must be right.
   * @returns in the order of the URLs
   */
  async effect(urls: readonly string[], write: () => Promise<unknown>, headers = {}): Promise<Effect[]> {
    for (const url of urls) {
      await this.get(url, headers);
      expect((await this.get(url, headers)).outcome, `${url} is cached`).toBe('HIT');
    }
    await write();
    const effects: Effect[] = [];
    for (const url of urls) {
      const answer = await this.get(url, headers);
      // a range is never looked up in the cache: this is the handler's own answer
      const right = await this.get(url, { ...headers, range: 'bytes=0-' });
      expect(right.outcome).toBe('BYPASS');
      expect([answer.status, answer.body], `${url} is fresh`).toEqual([right.status, right.body]);
      effects.push(answer.outcome === 'HIT' ? 'kept' : 'dropped');
    }
    return effects;
  }

  async get(url: string, headers = {}): Promise<{ status: number; outcome: string; body: string }> {
    const answer = await this.running.get(url, headers);
    return {
      status: answer.status,
      outcome: answer.header('x-cache') ?? '',
      body: answer.body.toString(),
    };
  }

  /** Puts a handler in the place of the one of `/api/statistics`. */
  async answering<T>(handler: Handler, run: () => Promise<T>): Promise<T> {
    statistics = handler;
    try {
      return await run();
    } finally {
      statistics = null;
    }
  }

  query(uid: string): ReturnType<Core.Strapi['db']['query']> {
    return this.strapi.db.query(uid as UID.Schema);
  }

  /** Any action of the document service, without the types of each content type. */
  documents(
    uid: string,
  ): Record<
    'create' | 'update' | 'delete' | 'publish' | 'unpublish' | 'discardDraft' | 'clone' | 'findMany',
    (params: object) => Promise<Row>
  > {
    return this.strapi.documents(uid as UID.ContentType) as never;
  }

  async rows(uid: string, where: object = {}, populate: string[] = []): Promise<Row[]> {
    return (await this.query(uid).findMany({ where, populate, orderBy: 'id' })) as Row[];
  }

  /** Published articles and what they are linked to. */
  articles(): Promise<Row[]> {
    return this.rows(ARTICLE, { publishedAt: { $notNull: true } }, ['author', 'category', 'tags']);
  }
}

export const ARTICLE = 'api::article.article';
export const AUTHOR = 'api::author.author';
export const CATEGORY = 'api::category.category';
export const COMMENT = 'api::comment.comment';
export const PAGE = 'api::page.page';
export const PROFILE = 'api::profile.profile';
export const TAG = 'api::tag.tag';

/** A site for all tests of a file. */
export function useSite(options: SiteOptions = {}): () => Site {
  let site: Site | undefined;
  beforeAll(async () => {
    site = await Site.start(options);
  }, 120_000);
  afterAll(async () => {
    await site?.stop();
  });
  return () => {
    if (!site) throw new Error('the site is not running yet');
    return site;
  };
}
