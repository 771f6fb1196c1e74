import type { StatementListener } from '../orm';
import { kindOf } from '../raw-statements';
import type { Model } from '../schema';
import type { RowId } from '../tags';
import type { RawRow } from './row-tags';

/**
 * The row of a write as Strapi itself reads it after having written it, which saves a query to ask again. `create` and
 * `update` end with a `findOne` of the whole row (`@strapi/database/dist/entity-manager/index.js`); where it asks for
 * less or for more, nothing is found here.
 */
export class LastRow implements StatementListener {
  private written = false;
  private row: RawRow | null = null;

  constructor(private readonly model: Model) {}

  finished(sql: string, response: unknown): void {
    // nearly all that a write asks: knex writes "select `t0`.* from ..." for a row
    if (sql.startsWith('select') && !(this.written && sql.startsWith('t0', 8))) return;
    const text = sql.replace(/[`"]/g, '').replace(/\b(from|into|update) [\w-]+\./, '$1 ');
    const { table } = this.model;
    if (kindOf(sql) === 'write') {
      if (text.startsWith(`update ${table} `) || text.startsWith(`insert into ${table} `))
        this.written = true;
      this.row = null;
    } else if (this.written && text.startsWith(`select t0.* from ${table} as t0 where `)) {
      const found: unknown = Array.isArray(response) ? response[0] : response;
      this.row = found !== null && typeof found === 'object' ? (found as RawRow) : null;
    }
  }

  /** The row with an id; null where it has to be asked for. */
  withId(id: RowId): RawRow | null {
    return this.row && String(this.row.id) === String(id) ? this.row : null;
  }
}
