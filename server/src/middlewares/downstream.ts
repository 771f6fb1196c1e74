import type { ResolvedConfig } from '../config/schema';
import {
  browserField,
  cdnField,
  fitTags,
  PRIVATE,
  tagField,
  type DownstreamOptions,
} from '../core/downstream';
import { outwardTagsOf } from '../strapi/outward-tags';
import type { CachePlan } from '../strapi/plan';
import { PUBLIC } from '../strapi/principals';
import type { ReadScope } from '../strapi/read-scope';
import type { Schema } from '../strapi/schema';
import type { Visit } from './parts';

const NOTHING: readonly string[] = [];

/** Tells caches downstream what they may keep, for how long, and under which tags. */
export class Downstream {
  constructor(
    private readonly schema: Schema,
    private readonly settings: ResolvedConfig['downstream'],
  ) {}

  /** The request headers by which a response was chosen. */
  varyOf({ treatment }: CachePlan): readonly string[] {
    if (!wanted(treatment.downstream)) return NOTHING;
    const { callers, keyedHeaders } = treatment;
    return callers === 'public' ? keyedHeaders : ['Authorization', ...keyedHeaders];
  }

  /** Whether a response is sent with the names of what it shows. */
  naming(visit: Visit): boolean {
    return this.speaks(visit) && isPublic(visit);
  }

  /**
   * Fields for a response that is stored: name, value, name, value ... They must not be sent with one that was purged
   * while it was made, for its purge has gone out before it.
   */
  fieldsFor(visit: Visit, scope: ReadScope, tags: readonly string[]): readonly string[] {
    const { ctx } = visit;
    const { downstream } = visit.plan.treatment;
    const { tagHeaders, maxTagLength } = this.settings;
    if (!this.speaks(visit)) return NOTHING;
    if (!isPublic(visit))
      return wanted(downstream) && !ctx.res.hasHeader('cache-control') ? ['Cache-Control', PRIVATE] : NOTHING;
    const outward = outwardTagsOf(tags, scope.documents, this.schema);
    const fitting = outward && fitTags(outward, maxTagLength);
    const fields: string[] = [];
    if (wanted(downstream) && !ctx.res.hasHeader('cache-control')) {
      const { browser = 0, cdn } = downstream;
      fields.push('Cache-Control', browserField(browser));
      // what cannot be named cannot be purged
      if (cdn && fitting) fields.push('CDN-Cache-Control', cdnField(cdn));
    }
    if (fitting) for (const name of tagHeaders) fields.push(name, tagField(name, fitting));
    return fields;
  }

  /** Whether caches downstream are told anything of a response. */
  private speaks({ plan }: Visit): boolean {
    return wanted(plan.treatment.downstream) || this.settings.tagHeaders.length > 0;
  }
}

const wanted = (options: DownstreamOptions | null): options is DownstreamOptions =>
  options !== null && (options.browser !== undefined || options.cdn !== undefined);

/** Made for everybody: for nobody's credential, and with nothing of the application's own before it that may choose. */
const isPublic = ({ principal, context, site }: Visit): boolean =>
  principal === PUBLIC && context === '' && site.kind === 'edge' && site.surroundings.alone;
