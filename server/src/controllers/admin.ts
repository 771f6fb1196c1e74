import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import type {
  Answer,
  Configuration,
  DocumentEntries,
  EntryDetails,
  EntryPage,
  Overview,
  PurgePreview,
  PurgeRequest,
  PurgeResult,
  Purges,
  PurgeTarget,
  RateLimits,
} from '../contracts';
import { entryBytes } from '../core/entry';
import { describeConfiguration } from '../services/admin-configuration';
import { readOverview, readPurges, readRateLimits } from '../services/admin-fleet';
import { findEntry, listEntries, summaryOf } from '../services/admin-entries';
import { walkLiveEntries } from '../services/local-entries';
import { listTargets } from '../services/admin-targets';
import {
  asRequested,
  entriesQuery,
  overviewQuery,
  parse,
  purgesQuery,
  resetBody,
  runningRuntime,
} from './input';

const SHOWN = 10;

type Params = { params: Record<string, string | undefined> };

/** Answers the admin panel. Who may ask what is decided by the policies of the routes. */
export default ({ strapi }: { strapi: Core.Strapi }) => {
  const reply = <T>(ctx: Context, data: T): void => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { data } satisfies Answer<T>;
  };
  const bodyOf = (ctx: Context): PurgeRequest => (ctx.request as { body?: PurgeRequest }).body ?? {};

  return {
    async overview(ctx: Context): Promise<void> {
      const query = parse(overviewQuery, ctx.query);
      reply<Overview>(ctx, await readOverview(runningRuntime(strapi), query, Date.now()));
    },

    async entries(ctx: Context): Promise<void> {
      const query = parse(entriesQuery, ctx.query);
      reply<EntryPage>(ctx, await listEntries(runningRuntime(strapi), query, Date.now()));
    },

    entry(ctx: Context & Params): void {
      const entry = findEntry(runningRuntime(strapi), ctx.params.key ?? '', Date.now());
      if (!entry) throw new errors.NotFoundError('The entry is not in the memory of this process any more');
      reply<EntryDetails>(ctx, entry);
    },

    async document(ctx: Context & Params): Promise<void> {
      const { uid = '', documentId = '' } = ctx.params;
      const found = await asRequested(() => runningRuntime(strapi).purging.ofDocument(uid, documentId));
      const entries = found.slice(0, SHOWN).map(summaryOf);
      reply<DocumentEntries>(ctx, { now: Date.now(), entries, total: found.length });
    },

    async purges(ctx: Context): Promise<void> {
      const { limit } = parse(purgesQuery, ctx.query);
      reply<Purges>(ctx, await readPurges(runningRuntime(strapi), limit, Date.now()));
    },

    async targets(ctx: Context): Promise<void> {
      const runtime = runningRuntime(strapi);
      reply<readonly PurgeTarget[]>(ctx, await listTargets(strapi, runtime, Date.now()));
    },

    async preview(ctx: Context): Promise<void> {
      const { purging, store } = runningRuntime(strapi);
      const found = await asRequested(() => purging.preview(bodyOf(ctx)));
      const bytes = found.reduce((sum, entry) => sum + entryBytes(entry), 0);
      const sample = found.slice(0, SHOWN).map((entry) => entry.label);
      reply<PurgePreview>(ctx, {
        entries: found.length,
        bytes,
        sample,
        total: (await walkLiveEntries(store, Date.now())).length,
      });
    },

    async purge(ctx: Context): Promise<void> {
      const { purging } = runningRuntime(strapi);
      reply<PurgeResult>(ctx, await asRequested(() => purging.purge(bodyOf(ctx))));
    },

    async rateLimits(ctx: Context): Promise<void> {
      reply<RateLimits>(ctx, await readRateLimits(runningRuntime(strapi), Date.now()));
    },

    async resetRateLimit(ctx: Context): Promise<void> {
      const { policy, id } = parse(resetBody, bodyOf(ctx));
      const { limiting } = runningRuntime(strapi);
      if (!limiting)
        throw new errors.ValidationError('rateLimit has no policies, so there is nothing to reset');
      reply(ctx, { reset: await limiting.limits.reset(policy, { id }, Date.now()) });
    },

    configuration(ctx: Context): void {
      reply<Configuration>(ctx, describeConfiguration(runningRuntime(strapi)));
    },
  };
};
