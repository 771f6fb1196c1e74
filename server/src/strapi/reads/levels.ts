import { LRUCache } from 'lru-cache';
import { notationOf } from '../questions';
import type { Model, Schema } from '../schema';
import { demandedAlone, dimsOf, noUses, walkOrder, walkWhere } from './conditions';
import { questionOf, type Level } from './uses';

/** What a level is asked for: its rows, their number, or the rows that belong to those of the level above. */
export type Kind = 'rows' | 'count' | 'part';

export interface Asked {
  readonly where: unknown;
  /** Resolved for the model. */
  readonly filters: unknown;
  readonly orderBy: unknown;
}

/** Plain levels remembered: one for each type, status, locale and kind. */
const MOST = 1000;

/** Works out what the levels of reads use. */
export class Levels {
  private readonly plain = new LRUCache<string, Level>({ max: MOST });

  constructor(private readonly schema: Schema) {}

  /**
   * The level of a read that demands nothing but a status and a locale, which is what Strapi itself demands of most.
   * It is worked out once. Null for any other.
   */
  plainOf(model: Model, { where, filters, orderBy }: Asked, kind: Kind): Level | null {
    if (orderBy !== undefined && orderBy !== null) return null;
    const demanded = demandedAlone(model, [where, filters]);
    if (demanded === null) return null;
    const { status, locale } = demanded;
    const name = `${model.uid}|${kind}|${status ?? '*'}|${locale === null ? '*' : `=${locale}`}`;
    const known = this.plain.get(name);
    if (known) return known;
    const conditions = {
      ...(status !== null && { publishedAt: { $null: status === 'd' } }),
      ...(locale !== null && { locale }),
    };
    const level = this.of(model, { where: conditions, filters: undefined, orderBy }, kind);
    const question = questionOf(level);
    const made = { ...level, question: question && { ...question, notation: notationOf(question) } };
    this.plain.set(name, made);
    return made;
  }

  of(model: Model, { where, filters, orderBy }: Asked, kind: Kind): Level {
    const modelOf = (uid: string): Model => this.schema.model(uid);
    const uses = noUses();
    walkWhere(where, model, modelOf, uses);
    walkWhere(filters, model, modelOf, uses);
    walkOrder(orderBy, model, modelOf, uses);
    const wheres = [where, filters].filter((it) => it !== undefined && it !== null);
    const counts = kind === 'count' && uses.joins.size === 0 && uses.always.size === 0;
    return { model, uses, dims: dimsOf(model, [where, filters]), wheres, members: kind !== 'part', counts };
  }
}
