import type { Core } from '@strapi/strapi';
import type { LinkAction } from '../orm';
import type { Overlaps, Transaction } from '../overlaps';
import { anyDims, type JoinTableInfo, type Model, type Schema } from '../schema';
import { anyLinkOfTag, anyRowTag, linkTag, rowTag, tableTag, typeTag, type RowId } from '../tags';
import { currentActing } from './frame';
import { linkDifference, linkRowTags, type ActingRow, type LinkRow } from './link-tags';
import { PERMISSION } from '../access-types';
import type { Purges } from './purges';
import type { LinkQuestion, StoredRows } from './stored-rows';
import { LinkWatch } from './watch';

interface StepParts {
  readonly strapi: Core.Strapi;
  readonly schema: Schema;
  readonly stored: StoredRows;
  readonly overlaps: Overlaps;
  readonly purges: Purges;
  readonly purge: (action: string, uid: string, tags: Iterable<string>) => void;
}

/** Compares the links of a row before and after a relation step of the entity manager. */
export class RelationSteps {
  private readonly strapi: Core.Strapi;
  private readonly schema: Schema;
  private readonly stored: StoredRows;

  constructor(private readonly parts: StepParts) {
    ({ strapi: this.strapi, schema: this.schema, stored: this.stored } = parts);
  }

  async run<T>(
    action: LinkAction,
    model: Model,
    id: RowId,
    data: unknown,
    trx: unknown,
    run: () => Promise<T>,
  ): Promise<T> {
    // what `deleteRelations` takes away was read before the row was deleted
    if (action === 'deleteRelations' && currentActing()?.uid === model.uid) return run();
    const values = this.written(action, model, data);
    if (values.length === 0) return run();
    const { questions, tags: others } = this.asked(action, model, id, values);
    // a row that has just come had no links: only those that it takes away from others count
    const comes = action === 'attachRelations' && currentActing()?.uid === model.uid;
    const transaction = (trx as Transaction | undefined) ?? this.parts.purges.transaction();
    const watch = new LinkWatch(this.parts.overlaps, questions, transaction);
    try {
      // Of what can be shared only the links to this row change, and those are read from its own side: a category may
      // have ten thousand others.
      const looked = questions.filter((it) => !it.shared);
      const before = await this.stored.links(comes ? looked.filter((it) => it.stolen) : looked, trx);
      const result = await run();
      const after = comes
        ? [...this.made(model, id, values), ...(await this.stored.links(looked.filter(isUnsaid), trx))]
        : await this.stored.links(looked, trx);
      const tags = [...others, ...this.changed(model, id, before, after), ...watch.collisions()];
      this.due(action, model, tags, trx);
      return result;
    } finally {
      this.whenSettled(trx, () => watch.end());
    }
  }

  /** The links of a row that has just come, which its data says: to ask for them costs more than the rest of the step. */
  private made(model: Model, id: RowId, values: readonly (readonly [string, unknown])[]): LinkRow[] {
    return values.flatMap(([name, value]) => {
      const link = this.schema.link(model, name);
      const table = link && this.schema.links().get(link.table);
      if (!table) return [];
      const { owner, morph } = table;
      const ends = mentionedIds(value);
      if (morph && link.side === 'morph')
        return ends.map((end) => ({
          table,
          row: { [owner.column]: end, [morph.id]: id, [morph.type]: model.uid },
        }));
      const { side, far } = link;
      return morph || far === null ? [] : ends.map((end) => ({ table, row: { [side]: id, [far]: end } }));
    });
  }

  /** What links that came and went purge. */
  private changed(model: Model, id: RowId, before: readonly LinkRow[], after: readonly LinkRow[]): string[] {
    const acting = actingRow(model, id);
    const tags = linkDifference(before, after).flatMap((link) => [...linkRowTags(this.schema, link, acting)]);
    // a permission that comes or goes is told with its action; one that changes hands is not worth it
    if (!acting.passing && tags.includes(anyLinkOfTag(PERMISSION))) tags.push(typeTag(PERMISSION));
    return tags;
  }

  /** Everything in the tables that a write has or had to do with. */
  wholeTables(model: Model, data: unknown): string[] {
    return this.written('updateRelations', model, data).flatMap(([name]) => {
      const link = this.schema.link(model, name);
      return link ? [tableTag(link.table), ...(link.target ? [typeTag(link.target)] : [])] : [];
    });
  }

  /**
   * The step has a transaction of its own that Strapi does not announce: before its commit a purge is too early.
   * Inside of a whole write the tags wait for its end, else for the transaction.
   */
  private due(action: string, model: Model, tags: readonly string[], trx: unknown): void {
    if (tags.length === 0) return;
    const acting = currentActing();
    if (acting?.uid === model.uid) return tags.forEach((tag) => acting.later.add(tag));
    this.parts.purge(action, model.uid, tags);
    const done = this.endOf(trx);
    const again = (): void => this.parts.purge(action, model.uid, tags);
    void done?.then(again, again);
  }

  private whenSettled(trx: unknown, run: () => void): void {
    const done = this.endOf(trx);
    if (done) void done.then(run, run);
    else this.parts.purges.whenSettled(run);
  }

  /** The end of a transaction that Strapi does not announce; null when there is none. */
  private endOf(trx: unknown): Promise<unknown> | null {
    const done = (trx as { executionPromise?: Promise<unknown> } | undefined)?.executionPromise;
    return done && !this.strapi.db.inTransaction() ? done : null;
  }

  /** The relations in the data of a step, without those that it leaves as they are. */
  private written(action: LinkAction, model: Model, data: unknown): [name: string, value: unknown][] {
    if (action === 'deleteRelations') return [['*', undefined]];
    return Object.entries((data ?? {}) as Record<string, unknown>).filter(
      ([name, value]) =>
        model.attributes[name]?.type === 'relation' && value !== undefined && !isEmptyChange(value),
    );
  }

  /**
   * The links that a relation step may change: those of the row, and those that rows mentioned in the data have where
   * an exclusive relation takes them away from somebody else.
   */
  private asked(
    action: LinkAction,
    model: Model,
    id: RowId,
    values: readonly (readonly [name: string, value: unknown])[],
  ): { questions: Question[]; tags: string[] } {
    const questions: Question[] = [];
    const tags: string[] = [];
    const ask = (table: JoinTableInfo, column: string, ids: readonly RowId[], shared?: boolean): void =>
      void questions.push({
        table,
        column,
        ids,
        type: column === table.morph?.id ? model.uid : null,
        stolen: shared !== undefined,
        shared: shared ?? false,
      });
    if (action === 'deleteRelations') {
      for (const table of this.schema.links().values()) {
        if (table.owner.uid === model.uid) ask(table, table.owner.column, [id]);
        if (table.morph) ask(table, table.morph.id, [id]);
        else if (table.far?.uids.includes(model.uid)) ask(table, table.far.column, [id]);
      }
      return { questions, tags };
    }
    for (const [name, value] of values) {
      const link = this.schema.link(model, name);
      if (!link) continue; // a column of the row itself: compared with the row
      const table = this.schema.links().get(link.table);
      const mentioned = mentionedIds(value);
      if (!table && link.target) {
        // the other type keeps the pair in its own columns, written without any event of its own
        tags.push(linkTag(link.table, 'morph', `${model.uid}:${id}`, '-'), typeTag(link.target));
        for (const other of mentioned) tags.push(rowTag(link.target, other));
        tags.push(...anyDims(model).map((dim) => anyRowTag(model.uid, dim)));
      }
      if (!table) continue;
      if (link.side === 'morph' && table.morph) ask(table, table.morph.id, [id]);
      else ask(table, link.side, [id]);
      // the far rows of a morph table are of any type: all that have one of the ids
      if (link.side !== 'morph' && table.morph)
        questions.push({
          table,
          column: table.morph.id,
          ids: mentioned,
          type: null,
          stolen: true,
          shared: true,
        });
      else if (link.side !== 'morph' && link.far !== null)
        ask(table, link.far, mentioned, !isExclusive(model, name));
    }
    return { questions, tags };
  }
}

interface Question extends LinkQuestion {
  /** Links of rows that the data mentions. */
  readonly stolen: boolean;
}

function actingRow(model: Model, id: RowId): ActingRow {
  const acting = currentActing();
  if (acting?.uid !== model.uid) return { uid: model.uid, id, status: null, passing: false };
  return { uid: model.uid, id, status: acting.status, passing: acting.passing };
}

export const isId = (value: unknown): value is RowId =>
  typeof value === 'number' || typeof value === 'string';

/** Links whose far end is of a type that the data says in ways of its own: components, and rows of several types. */
const isUnsaid = ({ table, type }: LinkQuestion): boolean => table.morph !== null && type === null;

/** Whether a row that is linked is taken away from another that had it. */
const isExclusive = (model: Model, name: string): boolean =>
  /^one/.test(model.attributes[name]?.relation ?? '');

/** The admin panel sends `{ connect: [], disconnect: [] }` for relations that nobody touched. */
function isEmptyChange(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const { connect, disconnect, set } = value as { connect?: unknown; disconnect?: unknown; set?: unknown };
  const empty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;
  return (
    set === undefined &&
    (connect !== undefined || disconnect !== undefined) &&
    (connect === undefined || empty(connect)) &&
    (disconnect === undefined || empty(disconnect))
  );
}

/** Ids of the rows that relation data speaks of, in all its notations. */
function mentionedIds(value: unknown): RowId[] {
  if (isId(value)) return [value];
  if (Array.isArray(value)) return value.flatMap(mentionedIds);
  if (value === null || typeof value !== 'object') return [];
  const { id, set, connect, disconnect } = value as Record<string, unknown>;
  return [...(isId(id) ? [id] : []), ...[set, connect, disconnect].flatMap(mentionedIds)];
}
