import type { Core } from '@strapi/strapi';
import type { LinkAction, QueryParams, WriteAction } from '../orm';
import type { Purged, Questions } from '../questions';
import { currentScope } from '../read-scope';
import type { Model, Schema } from '../schema';
import { typeTag, type RowId } from '../tags';
import { currentFrame, runActing, type Acting } from './frame';
import { linkRowsTags, type ActingRow, type LinkRow } from './link-tags';
import { defaultsOf, isNoise, keepsLinks, rowOf } from './data';
import { PERMISSION, permissionTags } from './permissions';
import { isId, RelationSteps } from './relation-steps';
import type { Cause, Purges } from './purges';
import { came, changeTags, idOf, left, presenceTags, statusOf, type Judge, type RawRow } from './row-tags';
import { StoredRows } from './stored-rows';

/** Bulk writes of more rows than this drop the whole type. */
const MOST_ROWS = 500;

type Run<T> = () => Promise<T>;

/** Compares rows and links before and after each write of the entity manager, and purges what differs. */
export class WriteTracker {
  private readonly stored: StoredRows;
  private readonly steps: RelationSteps;

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly purges: Purges,
    private readonly questions: Questions | null,
  ) {
    this.stored = new StoredRows(strapi, schema);
    this.steps = new RelationSteps(strapi, schema, this.stored, (action, uid, tags) =>
      this.purge(action, uid, tags),
    );
  }

  async write<T>(action: WriteAction, uid: string, params: QueryParams, run: Run<T>): Promise<T> {
    if (!isNoise(uid, params.data)) currentScope()?.refuse('write');
    if (!this.schema.has(uid)) return run();
    const model = this.schema.model(uid);
    const { judge, end } = this.watch(uid);
    try {
      switch (action) {
        case 'create':
          return await this.create(model, params, run, judge);
        case 'update':
          return await this.update(model, params, run, judge);
        case 'delete':
          return await this.remove(model, params, run, judge);
        default:
          return await this.bulk(action, model, params, run, judge);
      }
    } catch (error) {
      // The main row was written before its relations failed, and taken back with a plain statement
      // (entity-manager/index.js, catch blocks): outside of a transaction somebody may have read it in between,
      // inside of one the relations that came first stay as they are.
      await this.failed(action, model, params, judge);
      throw error;
    } finally {
      this.purges.whenSettled(end);
    }
  }

  /** Begins a write that can judge the open questions, if there are any. */
  private watch(uid: string): { judge: Judge; end: () => void } {
    const { questions } = this;
    if (!questions) return { judge: (tag) => tag, end: () => {} };
    const write = questions.overlaps.begin(uid, this.purges.transaction());
    return {
      judge: (tag, change) => questions.judge(tag, change, write),
      end: () => questions.overlaps.end(write),
    };
  }

  link<T>(
    action: LinkAction,
    uid: string,
    id: unknown,
    data: unknown,
    trx: unknown,
    run: Run<T>,
  ): Promise<T> {
    if (!this.schema.has(uid) || !isId(id)) return run();
    return this.steps.run(action, this.schema.model(uid), id, data, trx, run);
  }

  private async create<T>(model: Model, params: QueryParams, run: Run<T>, judge: Judge): Promise<T> {
    const published = (params.data as RawRow | undefined)?.publishedAt;
    const status = model.hasStatus ? (published ? 'p' : 'd') : '-';
    const { result, later } = await this.act({ uid: model.uid, status, passing: true }, run);
    const id = (result as RawRow | null)?.id;
    // nothing is read of a component but what its data says: they are many, and nobody looks them up
    const rows = !isId(id)
      ? null
      : this.schema.isComponent(model.uid)
        ? [{ ...defaultsOf(model), ...rowOf(model, (params.data ?? {}) as RawRow), id }]
        : await this.rowsOf(model, [id]);
    if (isId(id)) currentFrame()?.noteCreated(model.uid, id, status);
    const tags = rows?.flatMap((row) => [...presenceTags(model, came(row), judge)]);
    const allowed = await this.permitted(model, rows ?? []);
    this.purge('create', model.uid, [...later, ...(tags ?? [typeTag(model.uid)]), ...allowed]);
    return result;
  }

  private async update<T>(model: Model, params: QueryParams, run: Run<T>, judge: Judge): Promise<T> {
    const before = await this.stored.first(model, params.where);
    if (!before) return run();
    const acting = { uid: model.uid, status: statusOf(model, before), passing: false };
    const { result, later } = await this.act(acting, run);
    const after = (await this.rowsOf(model, [idOf(before)]))?.[0];
    const id = (result as RawRow | null)?.id;
    // a where that matches several rows changes one of them, and it need not be the one seen before
    const other = !after || (isId(id) && String(id) !== String(idOf(before)));
    const tags = other ? [typeTag(model.uid)] : [...changeTags(model, before, after, judge)];
    const allowed = tags.length > 0 ? await this.permitted(model, [before, ...(after ? [after] : [])]) : [];
    this.purge('update', model.uid, [...later, ...tags, ...allowed]);
    return result;
  }

  private async remove<T>(model: Model, params: QueryParams, run: Run<T>, judge: Judge): Promise<T> {
    const row = await this.stored.first(model, params.where);
    if (!row) return run();
    const links = await this.stored.allLinks(model.uid, [idOf(row)]);
    const acting = { uid: model.uid, status: statusOf(model, row), passing: true };
    const { result, later } = await this.act(acting, run);
    const id = (result as RawRow | null)?.id;
    const other = isId(id) && String(id) !== String(idOf(row));
    const tags = other ? [typeTag(model.uid)] : this.goneTags(model, [row], links, judge);
    const allowed = await this.permitted(model, [row], links);
    this.purge('delete', model.uid, [...later, ...tags, ...allowed]);
    return result;
  }

  private async bulk<T>(
    action: WriteAction,
    model: Model,
    params: QueryParams,
    run: Run<T>,
    judge: Judge,
  ): Promise<T> {
    if (action === 'createMany') return this.createMany(model, params, run, judge);
    const { where, filters, _q } = params;
    const question = action === 'updateMany' ? { where } : { where, filters, _q };
    const before = await this.stored.matching(model, question, MOST_ROWS);
    const ids = before?.map(idOf) ?? [];
    const links = action === 'deleteMany' && before ? await this.stored.allLinks(model.uid, ids) : [];
    const result = await run();
    if (!before) this.purge(action, model.uid, [typeTag(model.uid)]);
    else if (action === 'deleteMany') {
      const allowed = await this.permitted(model, before, links);
      this.purge(action, model.uid, [...this.goneTags(model, before, links, judge), ...allowed]);
    } else {
      const rows = await this.rowsOf(model, ids);
      const after = new Map(rows?.map((row) => [String(idOf(row)), row]));
      const tags = before.flatMap((row) => {
        const now = after.get(String(idOf(row)));
        return now ? [...changeTags(model, row, now, judge)] : [];
      });
      const exact = rows !== null && model.uid !== PERMISSION;
      this.purge(action, model.uid, exact ? tags : [typeTag(model.uid)]);
    }
    return result;
  }

  private async createMany<T>(model: Model, params: QueryParams, run: Run<T>, judge: Judge): Promise<T> {
    const result = await run();
    const ids = (result as { ids?: unknown[] } | null)?.ids?.filter(isId) ?? [];
    // drivers without RETURNING report the last id only
    const complete = ids.length === (params.data as unknown[] | undefined)?.length && ids.length <= MOST_ROWS;
    const rows = complete ? await this.rowsOf(model, ids) : null;
    const tags = rows?.flatMap((row) => [...presenceTags(model, came(row), judge)]);
    this.purge('createMany', model.uid, tags ?? [typeTag(model.uid)]);
    return result;
  }

  /** What a write that came to nothing may have shown to somebody meanwhile. */
  private async failed(action: WriteAction, model: Model, params: QueryParams, judge: Judge): Promise<void> {
    const { uid } = model;
    const data = params.data as RawRow | undefined;
    const inside = this.strapi.db.inTransaction();
    const plain = data !== null && typeof data === 'object' && !Array.isArray(data);
    const exact = !inside && plain && !keepsLinks(model, data);
    // inside of a transaction nothing was shown, but what came before the failure may yet be committed
    if (!exact) return this.purge(action, uid, [typeTag(uid), ...this.steps.wholeTables(model, data)]);
    const attempted = rowOf(model, data);
    if (action === 'create') {
      const tags = [...presenceTags(model, came({ ...attempted, id: 0 }), judge)];
      return this.purge(action, uid, model.hasLocale ? [...tags, typeTag(uid)] : tags);
    }
    const before = action === 'update' ? await this.stored.first(model, params.where) : null;
    const tags = before ? [...changeTags(model, before, { ...before, ...attempted }, judge)] : [];
    this.purge(action, uid, before ? tags : [typeTag(uid)]);
  }

  /** Runs a write with its relation step in view; what that one purges is due when both are done. */
  private async act<T>(
    row: Omit<Acting, 'later'>,
    run: Run<T>,
  ): Promise<{ result: T; later: ReadonlySet<string> }> {
    const later = new Set<string>();
    try {
      return { result: await runActing({ ...row, later }, run), later };
    } catch (error) {
      this.purge('failed', row.uid, later);
      throw error;
    }
  }

  /** Rows after a write that has been done: an answer that does not come must not undo it. */
  private async rowsOf(model: Model, ids: readonly RowId[]): Promise<RawRow[] | null> {
    try {
      return await this.stored.byIds(model, ids);
    } catch (error) {
      this.strapi.log.debug(`[upstash-cache] ${model.uid} could not be read after a write: ${String(error)}`);
      return null;
    }
  }

  private async permitted(
    model: Model,
    rows: readonly RawRow[],
    links?: readonly LinkRow[],
  ): Promise<string[]> {
    if (model.uid !== PERMISSION || rows.length === 0) return [];
    const theirs = links ?? (await this.stored.allLinks(model.uid, rows.map(idOf)));
    return permissionTags(this.schema, this.stored, rows, theirs);
  }

  private goneTags(model: Model, rows: readonly RawRow[], links: readonly LinkRow[], judge: Judge): Purged[] {
    const gone = rows.map((row): ActingRow => ({
      uid: model.uid,
      id: idOf(row),
      status: statusOf(model, row),
      passing: true,
    }));
    return [
      ...rows.flatMap((row) => [...presenceTags(model, left(row), judge)]),
      ...linkRowsTags(this.schema, links, gone),
      ...this.schema.referring(model.uid).map(typeTag),
    ];
  }

  private purge(action: string, uid: string, tags: Iterable<Purged>): void {
    const cause: Cause = currentFrame()?.cause ?? { source: 'query', action, uid };
    this.purges.add(tags, cause);
  }
}
