import type { Core } from '@strapi/strapi';
import { PERMISSION } from '../access-types';
import type { LinkAction } from '../orm';
import { anyDims, type JoinTableInfo, type Link, type Model, type Schema } from '../schema';
import {
  anyLinkOfTag,
  anyLinkTag,
  anyRowTag,
  shownTag,
  joinTag,
  linkTag,
  partialListTag,
  rowTag,
  typeTag,
  type RowId,
} from '../tags';
import { linkRowsTags, linkRowTags, unseenLinkTags, type ActingRow } from './link-tags';
import { isPartial, mentionedEnds, writtenRelations, type LinkEnd } from './relation-data';
import type { LinkQuestion, StoredRows } from './stored-rows';
import { currentWrite } from './write-context';

interface StepDeps {
  readonly strapi: Core.Strapi;
  readonly schema: Schema;
  readonly stored: StoredRows;
  readonly purge: (action: string, uid: string, tags: Iterable<string>) => void;
}

/** One relation that a step writes. */
interface WrittenRelation {
  readonly link: Link;
  readonly table: JoinTableInfo;
  readonly ends: readonly LinkEnd[];
  /** Links of the row itself may go that the data does not mention. */
  readonly replaces: boolean;
  /** Links of other rows to the mentioned ones go: a row that belongs to one is taken away from another. */
  readonly steals: boolean;
  /** The field that names the type of a linked row, where any may stand. */
  readonly typeField: string;
}

/**
 * Purges what a relation step of the entity manager changes. Links that its data mentions are known from the data;
 * links that it takes away are looked at before it.
 */
export class RelationSteps {
  constructor(private readonly deps: StepDeps) {}

  async run<T>(
    action: LinkAction,
    model: Model,
    id: RowId,
    data: unknown,
    trx: unknown,
    run: () => Promise<T>,
  ): Promise<T> {
    const { schema, stored } = this.deps;
    const acting = actingRow(model, id);
    const write = ownWrite(model);
    if (write) write.id = id;
    if (action === 'deleteRelations') {
      // what it takes away was read before the row was deleted
      if (write) return run();
      const links = await stored.links(stored.questionsOf(model.uid, [id]), trx);
      return this.finish(action, model, linkRowsTags(schema, links, [acting]), trx, run);
    }
    const names = writtenRelations(model, data, acting.passing);
    if (names.length === 0) return run();
    const tags = new Set<string>();
    const looks: LinkQuestion[] = [];
    for (const [name, value] of names) {
      const written = this.writtenRelation(model, name, value, acting);
      if (written === null) this.addColumnTags(tags, model, id, name, value);
      else {
        this.addMentioned(tags, written, model, acting);
        this.addTaken(tags, looks, written, model, acting);
      }
    }
    for (const link of await stored.links(looks, trx)) addAll(tags, linkRowTags(schema, link, acting));
    return this.finish(action, model, tags, trx, run);
  }

  /** A step that fails inside of a larger transaction may still be committed in part. */
  private async finish<T>(
    action: string,
    model: Model,
    tags: Iterable<string>,
    trx: unknown,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } finally {
      this.purge(action, model, [...tags], trx);
    }
  }

  /** @returns null for a relation that is kept in columns of rows */
  private writtenRelation(
    model: Model,
    name: string,
    value: unknown,
    acting: ActingRow,
  ): WrittenRelation | null {
    const { schema } = this.deps;
    const link = schema.link(model, name);
    const table = link && schema.links().get(link.table);
    if (!link || !table) return null;
    const relation = model.attributes[name]?.relation ?? '';
    const typeField = model.attributes[name]?.joinTable?.morphColumn?.typeField ?? '__type';
    const ends = mentionedEnds(value, typeField);
    const empties = link.side === 'morph' && ends.length === 0;
    return {
      link,
      table,
      ends,
      replaces: !acting.passing && (!isPartial(value) || /ToOne$/.test(relation) || empties),
      steals: /^one/.test(relation) && link.far !== null && !schema.isComponent(link.target ?? ''),
      typeField,
    };
  }

  /** The links that the data speaks of, come or gone, and the lists of the row itself. */
  private addMentioned(
    tags: Set<string>,
    { link, table, ends }: WrittenRelation,
    model: Model,
    acting: ActingRow,
  ): void {
    const { schema } = this.deps;
    const id = acting.id ?? 0;
    const own = link.side === 'morph' ? `${model.uid}:${id}` : id;
    const { owner, morph } = table;
    tags.add(anyLinkTag(table.name)).add(anyLinkOfTag(model.uid));
    for (const status of morph || !link.target ? (['-'] as const) : schema.model(link.target).statuses)
      tags.add(linkTag(table.name, link.side, own, status));
    if (!acting.passing)
      for (const status of acting.status ? [acting.status] : model.statuses)
        tags.add(joinTag(table.name, link.side, status));
    for (const end of ends) {
      const row =
        morph && link.side === 'morph'
          ? { [owner.column]: end.id, [morph.id]: id, [morph.type]: model.uid }
          : morph
            ? { [owner.column]: id, [morph.id]: end.id, [morph.type]: end.type }
            : { [link.side]: id, [link.far ?? '']: end.id };
      addAll(tags, linkRowTags(schema, { table, row }, acting));
    }
    // a permission that comes or goes is told with its action; one that changes hands is not worth it
    if (!acting.passing && tags.has(anyLinkOfTag(PERMISSION))) tags.add(typeTag(PERMISSION));
  }

  /**
   * What is to be looked at for links that the data does not mention. Another transaction may add one and commit
   * between the look and the step, which then takes it away unseen: on SQLite it cannot, elsewhere whoever shows such a
   * link shows one of the two rows, or shows a number or a window of links.
   */
  private addTaken(
    tags: Set<string>,
    looks: LinkQuestion[],
    { link, table, ends, replaces, steals, typeField }: WrittenRelation,
    model: Model,
    acting: ActingRow,
  ): void {
    const id = acting.id ?? 0;
    const { morph } = table;
    const isMorphSide = link.side === 'morph';
    const alone = this.deps.strapi.db.dialect.client === 'sqlite';
    if (replaces) {
      looks.push({
        table,
        column: isMorphSide ? (morph?.id ?? '') : link.side,
        ids: [id],
        type: isMorphSide ? model.uid : null,
      });
      if (!alone) {
        tags.add(rowTag(model.uid, id)).add(shownTag(table.name, link.side, id));
        addAll(tags, unseenLinkTags({ table, column: link.side }));
      }
    }
    if (steals && ends.length > 0) {
      // from rows of any status, and also when the row that takes it is new
      const far = link.far ?? '';
      tags.add(partialListTag(table.name, link.side));
      for (const status of model.statuses) tags.add(joinTag(table.name, link.side, status));
      for (const { id: end } of ends) {
        tags.add(shownTag(table.name, far, end));
        for (const status of model.statuses) tags.add(linkTag(table.name, far, end, status));
      }
    }
    // a file that belongs to one row only, written from its own side
    if (link.side !== 'morph' && morph && typeField === '__type')
      looks.push({ table, column: morph.id, ids: ends.map((end) => end.id), type: null });
  }

  /** A relation that rows of the other type, or others of the same type, keep in their own columns. */
  private addColumnTags(tags: Set<string>, model: Model, id: RowId, name: string, value: unknown): void {
    const { schema } = this.deps;
    const attribute = model.attributes[name];
    const link = schema.link(model, name);
    if (link?.target) {
      tags.add(linkTag(link.table, 'morph', `${model.uid}:${id}`, '-')).add(typeTag(link.target));
      for (const { id: other } of mentionedEnds(value)) tags.add(rowTag(link.target, other));
      for (const dim of anyDims(model)) tags.add(anyRowTag(model.uid, dim));
    } else if (attribute?.joinColumn && attribute.target) {
      // the own column is compared with the row; a bidirectional one-to-one takes the target away from another row
      if (!attribute.owner) tags.add(typeTag(attribute.target));
      else if (attribute.relation === 'oneToOne' && attribute.inversedBy) tags.add(typeTag(model.uid));
    }
  }

  /**
   * The step has a transaction of its own that Strapi does not announce: before its commit a purge is too early.
   * Inside of a whole write the tags wait for its end, else for the transaction.
   */
  private purge(action: string, model: Model, tags: readonly string[], trx: unknown): void {
    if (tags.length === 0) return;
    const write = ownWrite(model);
    if (write) return tags.forEach((tag) => write.later.add(tag));
    this.deps.purge(action, model.uid, tags);
    const done = (trx as { executionPromise?: Promise<unknown> } | undefined)?.executionPromise;
    if (!done || this.deps.strapi.db.inTransaction()) return;
    const again = (): void => this.deps.purge(action, model.uid, tags);
    void done.then(again, again);
  }
}

const addAll = (to: Set<string>, tags: Iterable<string>): void => {
  for (const tag of tags) to.add(tag);
};

/** The write of the entity manager that a step belongs to. */
function ownWrite(model: Model): ReturnType<typeof currentWrite> {
  const write = currentWrite();
  return write?.model.uid === model.uid ? write : null;
}

function actingRow(model: Model, id: RowId): ActingRow {
  const write = ownWrite(model);
  return { uid: model.uid, id, status: write?.status ?? null, passing: write?.passing ?? false };
}
