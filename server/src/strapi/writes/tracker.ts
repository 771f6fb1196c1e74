import type { Core } from '@strapi/strapi';
import { PERMISSION } from '../access-types';
import type { LinkAction, QueryParams, RunWrite, WriteAction } from '../orm';
import { currentScope } from '../read-scope';
import type { Model, Schema } from '../schema';
import { tableTag, typeTag } from '../tags';
import { linkRowsTags, unseenLinkTags } from './link-tags';
import { isNoise } from './noise';
import { permissionTags } from './permissions';
import type { Purges } from './purges';
import { RelationSteps } from './relation-steps';
import { changedColumns, changeTags, comingTags, leavingTags, setTags } from './row-tags';
import { idOf, idsIn, isId, newRow, setColumns, statusOf, type RawRow } from './rows';
import type { StoredRows } from './stored-rows';
import { currentAction, WriteContext } from './write-context';

/** Bulk writes of more rows than this drop the whole type. */
const MAX_ROWS = 500;

export interface WriteTrackerDeps {
  readonly strapi: Core.Strapi;
  readonly schema: Schema;
  readonly stored: StoredRows;
  readonly purges: Purges;
  /** Whether relation steps can be watched; without them every write takes the links of its type along. */
  readonly linksKnown: boolean;
}

/**
 * Purges what each write of the entity manager changes. What a row was before is certain only where nobody else can
 * change it until the write is committed (`StoredRows.look`); elsewhere every column that the write sets counts.
 */
export class WriteTracker {
  private readonly steps: RelationSteps;

  constructor(private readonly deps: WriteTrackerDeps) {
    this.steps = new RelationSteps({
      ...deps,
      purge: (action, uid, tags) => this.purge(action, uid, tags),
    });
  }

  async write<T>(action: WriteAction, uid: string, params: QueryParams, run: RunWrite<T>): Promise<T> {
    const { schema } = this.deps;
    if (!isNoise(uid, params.data)) currentScope()?.refuse('write');
    if (!schema.has(uid)) return run(null);
    const write = this.contextOf(action, schema.model(uid), params);
    if (!this.deps.linksKnown) for (const tag of this.allRelated(write)) write.later.add(tag);
    let result: T;
    try {
      result = await run(write);
    } catch (error) {
      this.purge(action, uid, this.failedTags(action, write));
      throw error;
    }
    this.purge(action, uid, await this.tagsOf(action, write, result));
    return result;
  }

  link<T>(
    action: LinkAction,
    uid: string,
    id: unknown,
    data: unknown,
    trx: unknown,
    run: () => Promise<T>,
  ): Promise<T> {
    const { schema } = this.deps;
    if (!schema.has(uid) || !isId(id)) return run();
    return this.steps.run(action, schema.model(uid), id, data, trx, run);
  }

  /** What is to be looked at behind the hooks of the application, when `params` are final. */
  private contextOf(action: WriteAction, model: Model, params: QueryParams): WriteContext {
    const hook = `before${action[0]?.toUpperCase()}${action.slice(1)}`;
    const passing = !action.startsWith('update');
    return new WriteContext(model, hook, passing, async (write) => {
      if (action === 'create' || action === 'createMany') {
        const data = action === 'create' ? [params.data] : (params.data as unknown[]);
        write.rows = data.map((it) => newRow(model, it));
        write.status = write.rows[0] ? statusOf(model, write.rows[0]) : null;
      } else if (action === 'update' || action === 'delete') await this.look(write, params);
      else await this.lookAtMany(action, write, params);
    });
  }

  private async look(write: WriteContext, params: QueryParams): Promise<void> {
    const { stored } = this.deps;
    const { model, passing } = write;
    if (!passing) write.set = setColumns(model, params.data);
    const strength = passing ? 'remove' : Object.keys(write.set).length > 0 ? 'change' : null;
    const found = await stored.look(model, params.where, strength);
    if (!found) return;
    write.rows = [found.row];
    write.exact = found.exact;
    write.status = found.exact ? statusOf(model, found.row) : null;
    // a row that is locked for its removal gets no new links
    if (passing) write.links = await stored.links(stored.questionsOf(model.uid, [idOf(found.row)]));
  }

  private async lookAtMany(action: WriteAction, write: WriteContext, params: QueryParams): Promise<void> {
    const { stored } = this.deps;
    const { model } = write;
    const { where, filters, _q } = params;
    if (action === 'updateMany') write.set = setColumns(model, params.data);
    const ids = filters === undefined && _q === undefined ? idsIn(where) : null;
    if (ids === null) {
      // the rows of a deletion cannot be looked at again to find out whether these were the ones
      if (action !== 'updateMany') return;
      write.rows = (await stored.matching(model, where, MAX_ROWS)) ?? [];
      write.isGuess = true;
      return;
    }
    if (ids.length > MAX_ROWS) return;
    const rows = await stored.byIds(model, ids);
    if (rows.length < new Set(ids.map(String)).size) return;
    write.rows = rows;
    if (action === 'deleteMany') write.links = await stored.links(stored.questionsOf(model.uid, ids));
  }

  private async tagsOf(action: WriteAction, write: WriteContext, result: unknown): Promise<string[]> {
    switch (action) {
      case 'create':
      case 'createMany':
        return [...write.later, ...(await this.comingTags(write, result))];
      case 'update':
      case 'delete': {
        if (write.looked && write.rows.length === 0 && result === null) return [];
        // a where that matches several rows changes one of them, and it need not be the one that was looked at
        const id = (result as RawRow | null)?.id;
        const [row] = write.rows;
        const isOther = row !== undefined && isId(id) && String(id) !== String(idOf(row));
        const tags = isOther ? this.wholeType(write) : await this.changedTags(write);
        return [...write.later, ...tags];
      }
      default:
        return this.changedTags(write, write.isGuess ? Number((result as { count?: unknown }).count) : null);
    }
  }

  private async comingTags({ model, rows, looked }: WriteContext, result: unknown): Promise<string[]> {
    const { id, ids = [id] } = (result ?? {}) as { id?: unknown; ids?: unknown[] };
    // drivers without RETURNING report the last id only
    const complete = looked && ids.length === rows.length && ids.every(isId) && ids.length <= MAX_ROWS;
    if (!complete) return [typeTag(model.uid)];
    const made = rows.map((row, i): RawRow => ({ ...row, id: ids[i] }));
    for (const row of made) currentAction()?.noteCreated(model.uid, idOf(row), statusOf(model, row));
    const tags = made.flatMap((row) => [...comingTags(model, row)]);
    return [...tags, ...(await this.permitted(model, made))];
  }

  /** What an update or a deletion of the rows that were looked at purges. */
  private async changedTags(write: WriteContext, count: number | null = null): Promise<string[]> {
    const { model, rows, exact, set, links, passing, looked } = write;
    if (!looked || rows.length === 0) return this.wholeType(write);
    if (passing) return [...this.goneTags(write), ...(await this.permitted(model, rows, links))];
    if (exact) {
      const tags = rows.flatMap((row) => [...changeTags(model, row, set)]);
      const after = rows.map((row) => ({ ...row, ...set }));
      return tags.length === 0 ? tags : [...tags, ...(await this.permitted(model, [...rows, ...after]))];
    }
    if (model.uid === PERMISSION) return this.wholeType(write);
    const after = await this.after(model, rows);
    const known = after !== null && (count === null || areTheRows(write, after, count));
    if (!known) return this.wholeType(write);
    return rows.flatMap((row) => [...setTags(model, idOf(row), [row, ...after], set)]);
  }

  private goneTags({ model, rows, exact, links }: WriteContext): string[] {
    const { schema, stored } = this.deps;
    const gone = rows.map((row) => ({
      uid: model.uid,
      id: idOf(row),
      status: exact ? statusOf(model, row) : null,
      passing: true,
    }));
    return [
      ...rows.flatMap((row) => [...leavingTags(model, row, exact)]),
      ...linkRowsTags(schema, links, gone),
      ...(exact ? [] : stored.questionsOf(model.uid, []).flatMap(unseenLinkTags)),
      ...schema.referring(model.uid).map(typeTag),
    ];
  }

  private wholeType(write: WriteContext): string[] {
    const { model, passing } = write;
    if (!passing) return [typeTag(model.uid)];
    const { schema } = this.deps;
    return [typeTag(model.uid), ...this.allLinks(write), ...schema.referring(model.uid).map(typeTag)];
  }

  /** Everything that any relation of a type may change. */
  private allRelated(write: WriteContext): string[] {
    const targets = Object.values(write.model.attributes).flatMap((it) => it.target ?? []);
    return [...this.allLinks(write), ...targets.map(typeTag)];
  }

  private allLinks({ model }: WriteContext): string[] {
    return this.deps.stored.questionsOf(model.uid, []).map(({ table }) => tableTag(table.name));
  }

  /**
   * What a write that came to nothing may have shown to somebody: its main row was written before its relations failed,
   * and taken back with a statement of its own (entity-manager/index.js, catch blocks). Nothing is read here, since the
   * transaction may be broken; inside of one, what came before the failure may still be committed.
   */
  private failedTags(action: WriteAction, write: WriteContext): string[] {
    const { model, rows, set, id, later } = write;
    const [row] = rows;
    if (!row || !['create', 'update'].includes(action)) return [...later, ...this.wholeType(write)];
    if (action === 'update') return [...later, ...setTags(model, idOf(row), rows, set)];
    return id === null ? [typeTag(model.uid)] : [...later, ...leavingTags(model, { ...row, id }, false)];
  }

  private async permitted(
    model: Model,
    rows: readonly RawRow[],
    links?: WriteContext['links'],
  ): Promise<string[]> {
    if (model.uid !== PERMISSION || rows.length === 0) return [];
    const { schema, stored } = this.deps;
    const theirs = links ?? (await stored.links(stored.questionsOf(model.uid, rows.map(idOf))));
    return permissionTags(schema, stored, rows, theirs);
  }

  /** Rows as they stand now; a failed look must not fail the write, and null means that nothing is known. */
  private async after(model: Model, rows: readonly RawRow[]): Promise<RawRow[] | null> {
    const { strapi, stored } = this.deps;
    try {
      return await stored.byIds(model, rows.map(idOf));
    } catch (error) {
      strapi.log.debug(`[upstash-cache] ${model.uid} could not be read after a write: ${String(error)}`);
      return null;
    }
  }

  private purge(action: string, uid: string, tags: Iterable<string>): void {
    this.deps.purges.add(tags, currentAction()?.cause ?? { source: 'query', action, uid });
  }
}

/**
 * Whether an update of many has changed the rows that were looked at before it, and no others: as many as it says, and
 * all of them have what it sets. Two updates of the same rows to the same values, with a third write between them that
 * brings another row, are not told apart.
 */
function areTheRows({ model, rows, set }: WriteContext, after: readonly RawRow[], count: number): boolean {
  if (count !== rows.length || after.length !== rows.length) return false;
  return after.every((row) => changedColumns(model, row, set).length === 0);
}
