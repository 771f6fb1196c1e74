import { anyDims, type Model } from './schema';
import { anyLinkTag, anyRowTag, tableTag, typeTag } from './tags';

/** A response with more tags than this depends on whole types instead. */
const MOST_TAGS = 1500;

/** Tags of one part of a fill, folded into whole types when there are too many. */
export class TagBag {
  private readonly exact = new Set<string>();
  private readonly models = new Map<string, Model>();
  private readonly tables = new Set<string>();
  /** Tags that are never folded: permissions, raw SQL. */
  private readonly kept = new Set<string>();
  private folded = false;

  touch(model: Model): void {
    this.models.set(model.uid, model);
  }

  touchTable(table: string): void {
    this.tables.add(table);
  }

  add(tag: string): void {
    if (this.folded) return;
    this.exact.add(tag);
    if (this.exact.size > MOST_TAGS) {
      this.folded = true;
      this.exact.clear();
    }
  }

  keep(tag: string): void {
    this.kept.add(tag);
  }

  /** Adds all of them to a set. */
  addTo(all: Set<string>): void {
    for (const tag of this.kept) all.add(tag);
    for (const tag of this.exact) all.add(tag);
    for (const model of this.models.values()) {
      all.add(typeTag(model.uid));
      if (this.folded) for (const dim of anyDims(model)) all.add(anyRowTag(model.uid, dim));
    }
    for (const table of this.tables) {
      all.add(tableTag(table));
      if (this.folded) all.add(anyLinkTag(table));
    }
  }
}
