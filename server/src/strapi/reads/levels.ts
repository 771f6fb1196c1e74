import { LRUCache } from 'lru-cache';
import { sharedTexts } from '../../core/shared-texts';
import type { ReadScope } from '../read-scope';
import { anyDims, type Model, type Schema } from '../schema';
import { anyLinkOfTag, anyRowTag, attributeTag, joinTag, memberTag, type Dim, type Status } from '../tags';
import { demandedAlone, dimsOf, noUses, walkOrder, walkWhere, type Uses } from './conditions';

/** How one level of a read is asked. */
export interface Level {
  readonly model: Model;
  readonly uses: Uses;
  readonly dims: readonly Dim[];
  /** Rows coming and going count; where rows belong to those of the level above, links tell of that. */
  readonly members: boolean;
}

export interface Asked {
  readonly where: unknown;
  /** Resolved for the model. */
  readonly filters: unknown;
  readonly orderBy: unknown;
}

/** Where the rows of a plain level are found, and the tags of that. */
interface PlainLevel {
  readonly dims: readonly Dim[];
  readonly tags: readonly string[];
}

/** Plain levels remembered: one for each type, status, locale and kind. */
const MAX_PLAIN = 1000;

/** Works out what the levels of reads use, and writes it down. */
export class Levels {
  private readonly plain = new LRUCache<string, PlainLevel>({ max: MAX_PLAIN });

  constructor(private readonly schema: Schema) {}

  /**
   * Notes a level that demands nothing but a status and a locale, which is what Strapi itself demands of most. Its tags
   * are put together once.
   * @returns where its rows are found; null for any other level
   */
  addPlain(scope: ReadScope, model: Model, asked: Asked, members: boolean): readonly Dim[] | null {
    if (asked.orderBy !== undefined && asked.orderBy !== null) return null;
    const demanded = demandedAlone(model, [asked.where, asked.filters]);
    if (demanded === null) return null;
    const { status, locale } = demanded;
    const name = `${model.uid}|${members}|${status ?? '*'}|${locale === null ? '*' : `=${locale}`}`;
    let known = this.plain.get(name);
    if (!known) {
      const { uses, dims } = this.of(model, asked, members);
      known = { dims, tags: sharedTexts.all(columnTags({ model, uses, dims, members })) };
      this.plain.set(name, known);
    }
    for (const tag of known.tags) scope.addShared(tag);
    return known.dims;
  }

  of(model: Model, { where, filters, orderBy }: Asked, members: boolean): Level {
    const modelOf = (uid: string): Model => this.schema.model(uid);
    const uses = noUses();
    walkWhere(where, model, modelOf, uses);
    walkWhere(filters, model, modelOf, uses);
    walkOrder(orderBy, model, modelOf, uses);
    return { model, uses, dims: dimsOf(model, [where, filters]), members };
  }

  /** Notes what filters and sorts depend on: attributes in the dims of the read, and the joins they pass through. */
  add(scope: ReadScope, level: Level): void {
    const { model, uses, dims } = level;
    if (uses.opaque) {
      for (const dim of dims) scope.add(anyRowTag(model.uid, dim));
      scope.add(anyLinkOfTag(model.uid));
    }
    // a link that is a column of the row itself
    for (const name of uses.joins.keys())
      if (!this.schema.link(model, name) && model.attributes[name]?.target) uses.attributes.add(name);
    for (const tag of columnTags(level)) scope.add(tag);
    this.addJoins(scope, level);
  }

  /** Joins do not filter by status or locale, so beyond the first one every row of a type counts. */
  private addJoins(scope: ReadScope, { model, uses, dims }: Level): void {
    if (uses.joins.size === 0) return;
    const { schema } = this;
    const statuses = new Set(dims.map((dim) => dim[0] as Status));
    for (const [name, nested] of uses.joins) {
      const attribute = model.attributes[name];
      if (!attribute?.target) continue;
      const link = schema.link(model, name);
      if (link) {
        scope.touchTable(link.table);
        for (const status of statuses) scope.add(joinTag(link.table, link.side, status));
      }
      const target = schema.model(attribute.target);
      scope.touch(target);
      // `localizations` and its like join by a column of the target: any of its rows may take part
      if (!link && !attribute.owner) for (const dim of anyDims(target)) scope.add(anyRowTag(target.uid, dim));
      this.add(scope, { model: target, uses: nested, dims: anyDims(target), members: false });
    }
  }
}

const columnTags = ({ model, uses, dims, members }: Level): string[] =>
  dims.flatMap((dim) => [
    ...(members && !uses.opaque ? [memberTag(model.uid, dim)] : []),
    ...[...uses.attributes].map((name) => attributeTag(model.uid, dim, name)),
  ]);
