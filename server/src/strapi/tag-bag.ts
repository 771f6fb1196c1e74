import { sharedTexts } from '../core/shared-texts';
import { anyDims, type Model } from './schema';
import { anyLinkTag, anyRowTag, tableTag } from './tags';

/** A response with more tags than this depends on whole types instead. */
const MOST_TAGS = 1500;

/** Tags of one part of a fill, folded into whole types when there are too many. */
export class TagBag {
  private readonly exact = new Set<string>();
  /** Types and join tables by their tags. */
  private readonly models = new Map<string, Model>();
  private readonly tables = new Map<string, string>();
  /** Tags that are never folded: permissions, raw SQL. */
  private readonly kept = new Set<string>();
  private folded = false;

  touch(model: Model): void {
    this.models.set(model.typeTag, model);
  }

  touchTable(table: string): void {
    this.tables.set(sharedTexts.one(tableTag(table)), table);
  }

  add(tag: string): void {
    this.addShared(sharedTexts.one(tag));
  }

  /** For a tag that is the same text every time: what entries depend on is kept in their memory once. */
  addShared(tag: string): void {
    if (this.folded) return;
    this.exact.add(tag);
    if (this.exact.size > MOST_TAGS) {
      this.folded = true;
      this.exact.clear();
    }
  }

  keep(tag: string): void {
    this.kept.add(sharedTexts.one(tag));
  }

  /** All of them, and those of another bag; each once. */
  list(more?: TagBag): string[] {
    const tags: string[] = [];
    this.each((tag) => tags.push(tag));
    more?.each((tag) => {
      if (!this.has(tag)) tags.push(tag);
    });
    return this.folded || more?.folded ? [...new Set(tags)] : tags;
  }

  private each(visit: (tag: string) => void): void {
    for (const tag of this.kept) visit(tag);
    for (const tag of this.exact) if (!this.kept.has(tag)) visit(tag);
    for (const tag of this.models.keys()) visit(tag);
    for (const tag of this.tables.keys()) visit(tag);
    if (!this.folded) return;
    for (const model of this.models.values())
      for (const dim of anyDims(model)) visit(anyRowTag(model.uid, dim));
    for (const table of this.tables.values()) visit(anyLinkTag(table));
  }

  private has(tag: string): boolean {
    return this.kept.has(tag) || this.exact.has(tag) || this.models.has(tag) || this.tables.has(tag);
  }
}
