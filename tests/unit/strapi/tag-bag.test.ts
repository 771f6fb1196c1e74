import { describe, expect, it } from 'vitest';
import { describeModel } from '../../../server/src/strapi/model';
import { TagBag } from '../../../server/src/strapi/tag-bag';
import { actionTag, anyLinkTag, anyRowTag, rowTag, tableTag, typeTag } from '../../../server/src/strapi/tags';

const UID = 'api::note.note';
const note = describeModel(
  UID,
  { uid: UID, tableName: 'notes', attributes: {} },
  { hasStatus: true, hasLocale: false },
);
const LINKS = 'notes_tags_lnk';
const ACTION = actionTag('api::note.note.find');

/** A bag that knows of notes, their links and a permission. */
function bagWith(...rows: number[]): TagBag {
  const bag = new TagBag();
  bag.touch(note);
  bag.touchTable(LINKS);
  bag.keep(ACTION);
  for (const id of rows) bag.add(rowTag(UID, id));
  return bag;
}

describe('a bag of tags', () => {
  it('lists what was read, its types and its join tables', () => {
    expect(new Set(bagWith(1, 2).list())).toEqual(
      new Set([ACTION, rowTag(UID, 1), rowTag(UID, 2), typeTag(UID), tableTag(LINKS)]),
    );
  });

  it('lists what stands in two bags once', () => {
    const both = bagWith(1, 2).list(bagWith(2, 3));
    expect(both).toHaveLength(new Set(both).size);
    expect(both).toEqual(expect.arrayContaining([1, 2, 3].map((id) => rowTag(UID, id))));
  });

  it('lists a tag that was kept and added once', () => {
    const bag = bagWith(1);
    bag.keep(rowTag(UID, 1));
    expect(bag.list().filter((tag) => tag === rowTag(UID, 1))).toHaveLength(1);
  });

  it('depends on whole types when there are too many rows, but still on each permission', () => {
    const bag = bagWith(...Array.from({ length: 1501 }, (_, id) => id));
    expect(new Set(bag.list())).toEqual(
      new Set([
        ACTION,
        typeTag(UID),
        anyRowTag(UID, 'p|-'),
        anyRowTag(UID, 'd|-'),
        tableTag(LINKS),
        anyLinkTag(LINKS),
      ]),
    );
  });

  it('does not come to rows again after that', () => {
    const bag = bagWith(...Array.from({ length: 1501 }, (_, id) => id));
    bag.add(rowTag(UID, 7));
    bag.addShared(rowTag(UID, 8));
    expect(bag.list().filter((tag) => tag.startsWith('r|'))).toEqual([]);
  });
});
