import type { Core } from '@strapi/strapi';
import { PERMISSION } from '../access-types';
import type { LinkAction, QueryParams, RunWrite, WriteAction } from '../orm';
import type { Overlaps } from '../overlaps';
import type { Questions } from '../questions';
import { currentScope } from '../read-scope';
import type { Model, Schema } from '../schema';
import { typeTag } from '../tags';
import { currentFrame, runActing, type Acting } from './frame';
import { Effects } from './effects';
import { isNoise, keepsLinks, newRow, rowOf } from './data';
import { LastRow } from './last-row';
import { isId, RelationSteps } from './relation-steps';
import type { Purges } from './purges';
import { came, changeTags, idOf, presenceTags, statusOf, type RawRow } from './row-tags';
import { StoredRows } from './stored-rows';
import { Watch } from './watch';

/** Bulk writes of more rows than this drop the whole type. */
const MOST_ROWS = 500;

type Run<T> = () => Promise<T>;

/** Compares rows and links before and after each write of the entity manager, and purges what differs. */
export class WriteTracker {
  private readonly stored: StoredRows;
  private readonly effects: Effects;
  private readonly steps: RelationSteps;

  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly purges: Purges,
    private readonly questions: Questions | null,
    private readonly overlaps: Overlaps,
  ) {
    this.stored = new StoredRows(strapi, schema);
    this.effects = new Effects(strapi, schema, this.stored, purges, overlaps);
    this.steps = new RelationSteps({
      strapi,
      schema,
      stored: this.stored,
      overlaps,
      purges,
      purge: (action, uid, tags) => this.effects.purge(action, uid, tags),
    });
  }

  async write<T>(action: WriteAction, uid: string, params: QueryParams, run: RunWrite<T>): Promise<T> {
    if (!isNoise(uid, params.data)) currentScope()?.refuse('write');
    if (!this.schema.has(uid)) return run();
    const model = this.schema.model(uid);
    const transaction = this.purges.transaction();
    const watch = new Watch(this.overlaps, this.questions, this.overlaps.begin(uid, transaction));
    try {
      switch (action) {
        case 'create':
          return await this.create(model, params, run, watch);
        case 'update':
          return await this.update(model, params, run, watch);
        case 'delete':
          return await this.remove(model, params, run, watch);
        default:
          return await this.bulk(action, model, params, run, watch);
      }
    } catch (error) {
      // The main row was written before its relations failed, and taken back with a plain statement
      // (entity-manager/index.js, catch blocks): outside of a transaction somebody may have read it in between,
      // inside of one the relations that came first stay as they are.
      await this.failed(action, model, params, watch);
      throw error;
    } finally {
      this.purges.whenSettled(() => watch.end());
    }
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

  private async create<T>(model: Model, params: QueryParams, run: RunWrite<T>, { judge }: Watch): Promise<T> {
    const published = (params.data as RawRow | undefined)?.publishedAt;
    const status = model.hasStatus ? (published ? 'p' : 'd') : '-';
    const last = new LastRow(model);
    const { result, later } = await this.act({ uid: model.uid, status, passing: true }, () => run(last));
    const id = (result as RawRow | null)?.id;
    // nothing is read of a component but what its data says: they are many, and nobody looks them up
    const rows = !isId(id)
      ? null
      : this.schema.isComponent(model.uid)
        ? [{ ...newRow(model, (params.data ?? {}) as RawRow), id }]
        : await this.effects.rowsOf(model, [id], last);
    if (isId(id)) currentFrame()?.noteCreated(model.uid, id, status);
    const tags = rows?.flatMap((row) => [...presenceTags(model, came(row), judge)]);
    const allowed = await this.effects.permitted(model, rows ?? []);
    this.effects.purge('create', model.uid, [...later, ...(tags ?? [typeTag(model.uid)]), ...allowed]);
    return result;
  }

  private async update<T>(model: Model, params: QueryParams, run: RunWrite<T>, watch: Watch): Promise<T> {
    const before = await this.stored.first(model, params.where);
    if (!before) return run();
    watch.changes([before], rowOf(model, (params.data ?? {}) as RawRow));
    const acting = { uid: model.uid, status: statusOf(model, before), passing: false };
    const last = new LastRow(model);
    const { result, later } = await this.act(acting, () => run(last));
    const after = (await this.effects.rowsOf(model, [idOf(before)], last))?.[0];
    const id = (result as RawRow | null)?.id;
    // a where that matches several rows changes one of them, and it need not be the one seen before
    const other = !after || (isId(id) && String(id) !== String(idOf(before)));
    const tags = other
      ? [typeTag(model.uid)]
      : [...changeTags(model, before, after, watch.judge), ...watch.collisions(model, () => after)];
    const allowed =
      tags.length > 0 ? await this.effects.permitted(model, [before, ...(after ? [after] : [])]) : [];
    this.effects.purge('update', model.uid, [...later, ...tags, ...allowed]);
    return result;
  }

  private async remove<T>(model: Model, params: QueryParams, run: Run<T>, watch: Watch): Promise<T> {
    const row = await this.stored.first(model, params.where);
    if (!row) return run();
    return this.effects.going(model, [row], watch, async (links, gone) => {
      const acting = { uid: model.uid, status: statusOf(model, row), passing: true };
      const { result, later } = await this.act(acting, run);
      const id = (result as RawRow | null)?.id;
      const other = isId(id) && String(id) !== String(idOf(row));
      const tags = other ? [typeTag(model.uid)] : gone();
      const allowed = await this.effects.permitted(model, [row], links);
      this.effects.purge('delete', model.uid, [...later, ...tags, ...allowed]);
      return result;
    });
  }

  private async bulk<T>(
    action: WriteAction,
    model: Model,
    params: QueryParams,
    run: Run<T>,
    watch: Watch,
  ): Promise<T> {
    if (action === 'createMany') return this.createMany(model, params, run, watch);
    const { where, filters, _q } = params;
    const question = action === 'updateMany' ? { where } : { where, filters, _q };
    const before = await this.stored.matching(model, question, MOST_ROWS);
    if (!before) {
      const result = await run();
      this.effects.purge(action, model.uid, [typeTag(model.uid)]);
      return result;
    }
    if (action === 'deleteMany')
      return this.effects.going(model, before, watch, async (links, gone) => {
        const result = await run();
        const allowed = await this.effects.permitted(model, before, links);
        this.effects.purge(action, model.uid, [...gone(), ...allowed]);
        return result;
      });
    watch.changes(before, rowOf(model, (params.data ?? {}) as RawRow));
    const result = await run();
    const rows = await this.effects.rowsOf(model, before.map(idOf));
    const after = new Map(rows?.map((row) => [String(idOf(row)), row]));
    const tags = before.flatMap((row) => {
      const now = after.get(String(idOf(row)));
      return now ? [...changeTags(model, row, now, watch.judge)] : [];
    });
    const exact = rows !== null && model.uid !== PERMISSION;
    const collisions = watch.collisions(model, (id) => after.get(id) ?? null);
    this.effects.purge(action, model.uid, exact ? [...tags, ...collisions] : [typeTag(model.uid)]);
    return result;
  }

  private async createMany<T>(model: Model, params: QueryParams, run: Run<T>, { judge }: Watch): Promise<T> {
    const result = await run();
    const ids = (result as { ids?: unknown[] } | null)?.ids?.filter(isId) ?? [];
    // drivers without RETURNING report the last id only
    const complete = ids.length === (params.data as unknown[] | undefined)?.length && ids.length <= MOST_ROWS;
    const rows = complete ? await this.effects.rowsOf(model, ids) : null;
    const tags = rows?.flatMap((row) => [...presenceTags(model, came(row), judge)]);
    this.effects.purge('createMany', model.uid, tags ?? [typeTag(model.uid)]);
    return result;
  }

  /** What a write that came to nothing may have shown to somebody meanwhile. */
  private async failed(
    action: WriteAction,
    model: Model,
    params: QueryParams,
    { judge }: Watch,
  ): Promise<void> {
    const { uid } = model;
    const data = params.data as RawRow | undefined;
    const inside = this.strapi.db.inTransaction();
    const plain = data !== null && typeof data === 'object' && !Array.isArray(data);
    const exact = !inside && plain && !keepsLinks(model, data);
    // inside of a transaction nothing was shown, but what came before the failure may yet be committed
    if (!exact)
      return this.effects.purge(action, uid, [typeTag(uid), ...this.steps.wholeTables(model, data)]);
    if (action === 'create') {
      const tags = [...presenceTags(model, came({ ...newRow(model, data), id: 0 }), judge)];
      return this.effects.purge(action, uid, model.hasLocale ? [...tags, typeTag(uid)] : tags);
    }
    const before = action === 'update' ? await this.stored.first(model, params.where) : null;
    const tags = before ? [...changeTags(model, before, { ...before, ...rowOf(model, data) }, judge)] : [];
    this.effects.purge(action, uid, before ? tags : [typeTag(uid)]);
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
      this.effects.purge('failed', row.uid, later);
      throw error;
    }
  }
}
