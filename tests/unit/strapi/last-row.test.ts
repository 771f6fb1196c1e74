import { describe, expect, it } from 'vitest';
import { describeModel } from '../../../server/src/strapi/model';
import { LastRow } from '../../../server/src/strapi/writes/last-row';

const UID = 'api::note.note';
const model = describeModel(
  UID,
  { uid: UID, tableName: 'notes', attributes: { title: { type: 'string' } } },
  { hasStatus: false, hasLocale: false },
);
const INSERT = 'insert into `notes` (`title`) values (?) returning `id`';
const UPDATE = 'update `notes` set `title` = ? where (`id` = ?)';
const WHOLE = 'select `t0`.* from `notes` as `t0` where (`t0`.`id` = ?) limit ?';
const ROW = { id: 7, title: 'As written' };

const after = (...statements: readonly (readonly [sql: string, response: unknown])[]): LastRow => {
  const last = new LastRow(model);
  for (const [sql, response] of statements) last.finished(sql, response);
  return last;
};

describe('the row of a write, as Strapi reads it at the end', () => {
  it('is the one that was asked for after the row was written', () => {
    expect(after([INSERT, [{ id: 7 }]], [WHOLE, ROW]).withId(7)).toBe(ROW);
    expect(after([WHOLE, { id: 7, title: 'Before' }], [UPDATE, 1], [WHOLE, ROW]).withId(7)).toBe(ROW);
  });

  it('is not the one that stood there before', () => {
    expect(after([WHOLE, ROW]).withId(7)).toBeNull();
    expect(after([WHOLE, ROW], [UPDATE, 1]).withId(7)).toBeNull();
  });

  it('has to be asked for when something was written after it was read', () => {
    expect(after([UPDATE, 1], [WHOLE, ROW], [UPDATE, 1]).withId(7)).toBeNull();
  });

  it('has to be asked for when Strapi read less, more, or another row', () => {
    const less = 'select `t0`.`id`, `t0`.`title` from `notes` as `t0` where (`t0`.`id` = ?) limit ?';
    const more = 'select `t0`.*, `t0`.`id` from `notes` as `t0` where (`t0`.`id` = ?) limit ?';
    const other = 'select `t0`.* from `notes_old` as `t0` where (`t0`.`id` = ?) limit ?';
    for (const sql of [less, more, other]) expect(after([UPDATE, 1], [sql, ROW]).withId(7)).toBeNull();
    expect(after([UPDATE, 1], [WHOLE, { id: 8 }]).withId(7)).toBeNull();
    expect(after([UPDATE, 1], [WHOLE, undefined]).withId(7)).toBeNull();
  });

  it('is found in the dialect of PostgreSQL, with a schema and with a list of one row', () => {
    const update = 'update "public"."notes" set "title" = $1 where ("id" = $2)';
    const whole = 'select "t0".* from "public"."notes" as "t0" where ("t0"."id" = $1) limit $2';
    expect(after([update, 1], [whole, [ROW]]).withId('7')).toBe(ROW);
  });
});
