import type { Core } from '@strapi/strapi';
import { PERMISSION } from '../access-types';
import type { Overlaps } from '../overlaps';
import type { Purged } from '../questions';
import type { Model, Schema } from '../schema';
import { typeTag, type RowId } from '../tags';
import { currentFrame } from './frame';
import type { LastRow } from './last-row';
import { linkRowsTags, type ActingRow, type LinkRow } from './link-tags';
import { permissionTags } from './permissions';
import type { Cause, Purges } from './purges';
import { idOf, left, presenceTags, statusOf, type Judge, type RawRow } from './row-tags';
import type { StoredRows } from './stored-rows';
import { LinkWatch, type Watch } from './watch';

/** What kinds of writes have in common: rows that come and go, with their links and the permissions among them. */
export class Effects {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly schema: Schema,
    private readonly stored: StoredRows,
    private readonly purges: Purges,
    private readonly overlaps: Overlaps,
  ) {}

  /** Rows after a write that has been done: an answer that does not come must not undo it. */
  async rowsOf(model: Model, ids: readonly RowId[], last?: LastRow): Promise<RawRow[] | null> {
    const [id] = ids;
    const seen = id === undefined ? null : last?.withId(id);
    if (seen) return [seen];
    try {
      return await this.stored.byIds(model, ids);
    } catch (error) {
      this.strapi.log.debug(`[upstash-cache] ${model.uid} could not be read after a write: ${String(error)}`);
      return null;
    }
  }

  async permitted(model: Model, rows: readonly RawRow[], links?: readonly LinkRow[]): Promise<string[]> {
    if (model.uid !== PERMISSION || rows.length === 0) return [];
    const theirs = links ?? (await this.stored.allLinks(model.uid, rows.map(idOf)));
    return permissionTags(this.schema, this.stored, rows, theirs);
  }

  /** Rows that a write deletes, with their links as they stood before. */
  async going<T>(
    model: Model,
    rows: readonly RawRow[],
    watch: Watch,
    run: (links: readonly LinkRow[], gone: () => Purged[]) => Promise<T>,
  ): Promise<T> {
    const ids = rows.map(idOf);
    watch.changes(rows);
    const questions = this.stored.questionsOf(model.uid, ids);
    const linked = new LinkWatch(this.overlaps, questions, this.purges.transaction());
    try {
      const links = await this.stored.links(questions);
      return await run(links, () => [
        ...this.goneTags(model, rows, links, watch.judge),
        ...watch.collisions(model, () => null),
        ...linked.collisions(),
      ]);
    } finally {
      this.purges.whenSettled(() => linked.end());
    }
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

  purge(action: string, uid: string, tags: Iterable<Purged>): void {
    const cause: Cause = currentFrame()?.cause ?? { source: 'query', action, uid };
    this.purges.add(tags, cause);
  }
}
