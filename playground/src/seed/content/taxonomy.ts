import { slugify } from '../text/fill';
import { sections, tags } from '../text/taxonomy';
import type { Writer } from '../writer';

/** The documentId of each by its name. */
export type ByName = ReadonlyMap<string, string>;

export const createCategories = async (writer: Writer): Promise<ByName> => {
  const categories = new Map<string, string>();
  const create = async (name: string, description: string, parent: string | null): Promise<string> => {
    const data = { name, slug: slugify(name), description, parent };
    const { documentId } = await writer.create('api::category.category', data);
    categories.set(name, documentId);
    return documentId;
  };

  for (const section of sections) {
    const parent = await create(section.name, section.description, null);
    for (const child of section.children) await create(child.name, child.description, parent);
  }
  return categories;
};

export const createTags = async (writer: Writer): Promise<ByName> => {
  const created = new Map<string, string>();
  for (const name of tags) {
    const { documentId } = await writer.create('api::tag.tag', { name, slug: slugify(name) });
    created.set(name, documentId);
  }
  return created;
};
