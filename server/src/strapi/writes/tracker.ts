import type { Core } from '@strapi/strapi';
import { PERMISSION } from '../access-types';
import type { LinkAction, QueryParams, RunWrite, WriteAction } from '../orm';
import { currentScope } from '../read-scope';
import type { Model, Schema } from '../schema';
import { tableTag, typeTag } from '../tags';
import { linkRowsTags, tableTags, unseenLinkTags } from './link-tags';
import { isNoise } from './noise';
import { permissionTags } from './permissions';
import type { Purges } from './purges';
import { RelationSteps } from './relation-steps';
import { changeTags, comingTags, leavingTags, setTags } from './row-tags';
import { idOf, isId, statusOf, type RawRow } from './rows';
import type { StoredRows } from './stored-rows';
import { areTheRows, contextOf, MAX_ROWS } from './look';
import { currentAction, type WriteContext } from './write-context';

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
    const links = schema.links().get(uid);
    // the metadata knows every join table as a type of its own
    if (links) return run(null).finally(() => this.purge(action, uid, tableTags(links)));
    const write = contextOf(this.deps.stored, action, schema.model(uid), params);
    if (!this.deps.linksKnown) for (const tag of this.allRelated(write)) write.later.add(tag);
    let result: T;
    try {
      result = await run(write);
    } catch (error) {
      if (!write.refused) this.purge(action, uid, this.failedTags(action, write));
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

  private async tagsOf(action: WriteAction, write: WriteContext, result: unknown): Promise<string[]> {
    switch (action) {
      case 'create':
      case 'createMany':
        return [...write.later, ...(await this.comingTags(write, result))];
      case 'update':
      case 'delete': {
        if (write.looked && write.rows.length === 0 && result === null) return [];
        // a where that matches several rows changes one of them, and it need not be the one that was looked at
        const id = write.id ?? (result as RawRow | null)?.id;
        const [row] = write.rows;
        const isOther = row !== undefined && (isId(id) ? String(id) !== String(idOf(row)) : result !== null);
        const tags = isOther ? this.wholeType(write) : await this.changedTags(write);
        return [...write.later, ...tags];
      }
      default: {
        const { count } = result as { count?: unknown };
        if (count === 0) return [];
        const tags = await this.changedTags(write, write.isGuess ? Number(count) : null);
        return [...write.later, ...tags];
      }
    }
  }

  private async comingTags(write: WriteContext, result: unknown): Promise<string[]> {
    const { model, rows, looked } = write;
    const { id, ids = [write.id ?? id] } = (result ?? {}) as { id?: unknown; ids?: unknown[] };
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
    const now = new Map(after.map((row) => [String(idOf(row)), row]));
    return rows.flatMap((row) => {
      const changed = now.get(String(idOf(row)));
      return [...setTags(model, idOf(row), changed ? [row, changed] : [row], set)];
    });
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
    if (id !== null) return [...later, ...leavingTags(model, { ...row, id }, false)];
    // it failed before its relations, which would have told its id: if the row came at all, it stayed
    return this.deps.linksKnown ? [...later, ...comingTags(model, row)] : [typeTag(model.uid)];
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
