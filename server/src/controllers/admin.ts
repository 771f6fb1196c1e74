import { errors } from '@strapi/utils';
import type { DocumentEntries, PurgePreview } from '../contracts';
import { entryBytes } from '../core/entry';
import type { Plugin } from '../services';
import { describeConfiguration } from '../services/admin-configuration';
import { findEntry, listEntries, listTargets, summaryOf } from '../services/admin-entries';
import { readOverview, readPurges, readRateLimits } from '../services/admin-fleet';
import { walkLiveEntries } from '../services/entry-walk';
import {
  answering,
  asRequested,
  bodyOf,
  entriesQuery,
  overviewQuery,
  parse,
  purgesQuery,
  resetBody,
} from './input';

const SHOWN = 10;

/** Answers the admin panel. Who may ask what is decided by the policies of the routes. */
export default ({ strapi }: Plugin) => {
  const answer = answering(strapi);
  return {
    overview: answer((runtime, { query }) => readOverview(runtime, parse(overviewQuery, query), Date.now())),

    entries: answer((runtime, { query }) => listEntries(runtime, parse(entriesQuery, query), Date.now())),

    entry: answer((runtime, { params }) => {
      const entry = findEntry(runtime, params.key ?? '', Date.now());
      if (!entry) throw new errors.NotFoundError('The entry is not in the memory of this process any more');
      return entry;
    }),

    document: answer(async ({ purging }, { params }): Promise<DocumentEntries> => {
      const { uid = '', documentId = '' } = params;
      const found = await asRequested(() => purging.preview({ documents: [{ uid, documentId }] }));
      const entries = found.slice(0, SHOWN).map(summaryOf);
      return { now: Date.now(), entries, total: found.length };
    }),

    purges: answer((runtime, { query }) => readPurges(runtime, parse(purgesQuery, query).limit, Date.now())),

    targets: answer((runtime) => listTargets(runtime, Date.now())),

    preview: answer(async ({ purging, store }, ctx): Promise<PurgePreview> => {
      const found = await asRequested(() => purging.preview(bodyOf(ctx)));
      return {
        entries: found.length,
        bytes: found.reduce((sum, entry) => sum + entryBytes(entry), 0),
        sample: found.slice(0, SHOWN).map((entry) => entry.label),
        total: (await walkLiveEntries(store, Date.now())).length,
      };
    }),

    purge: answer(({ purging }, ctx) => asRequested(() => purging.purge(bodyOf(ctx)))),

    rateLimits: answer((runtime) => readRateLimits(runtime, Date.now())),

    resetRateLimit: answer(async ({ limiting }, ctx) => {
      const { policy, id } = parse(resetBody, bodyOf(ctx));
      if (!limiting)
        throw new errors.ValidationError('rateLimit has no policies, so there is nothing to reset');
      return { reset: await limiting.limits.reset(policy, { id }, Date.now()) };
    }),

    configuration: answer(describeConfiguration),
  };
};
