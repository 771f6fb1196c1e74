import { describe, expect, it } from 'vitest';
import { parseStatement, rowsNamed, volatileWord } from '../../../server/src/strapi/raw-statements';

describe('parseStatement', () => {
  it.each([
    ['select * from articles', 'read'],
    ['  ((SELECT 1) union (select 2))', 'read'],
    ['-- a comment\nselect 1', 'read'],
    ['/* a comment */ update articles set x = 1', 'write'],
    ['# a comment\ndelete from articles', 'write'],
    ['update or replace articles set x = 1', 'write'],
    ['replace into articles values (1)', 'write'],
    ['truncate table articles', 'write'],
    ['merge into articles using t on true when matched then delete', 'write'],
    ['with t as (select 1) select * from t', 'read'],
    ['with t as (delete from articles returning *) select * from t', 'write'],
    ['alter table articles add x int', 'write'],
    ['BEGIN;', 'none'],
    ['savepoint trx1', 'none'],
    ['PRAGMA table_info(articles)', 'none'],
    ['set names utf8', 'none'],
    ['explain select 1', 'none'],
    ['', 'none'],
    ['/* never closed', 'none'],
    ['begin; update articles set x = 1; commit', 'write'],
    ['select 1; delete from articles', 'write'],
    ['select 1;\n', 'read'],
    ["select * from articles where title = 'to be; or not'", 'read'],
    ['call refresh_articles()', 'opaque'],
    ['do $$ begin update articles set x = 1; end $$', 'opaque'],
    ['do $$ begin end $$', 'opaque'],
    ['copy articles from stdin', 'opaque'],
  ])('tells of %j that it is of kind %s', (sql, kind) => {
    expect(parseStatement(sql).kind).toBe(kind);
  });

  it('finds every name of a table, in whatever case and place', () => {
    const { words, tables } = parseStatement(
      'SELECT * FROM Articles, "tags" t JOIN shop.orders o ON o.id = t.id',
    );
    expect([...words]).toEqual(expect.arrayContaining(['articles', 'tags', 'orders']));
    expect(tables).toEqual(['Articles', 'orders']);
  });

  it('takes time in proportion to the length of a statement', () => {
    const timeOf = (length: number): number => {
      const worst = [
        'from '.repeat(length / 5),
        `${'/*'.repeat(length / 2)}`,
        `from ${' '.repeat(length)}`,
        '-'.repeat(length),
      ];
      const begun = performance.now();
      for (let i = 0; i < 20; i++) for (const sql of worst) parseStatement(sql);
      return performance.now() - begun;
    };
    timeOf(8_192);
    expect(timeOf(65_536) / timeOf(8_192)).toBeLessThan(24);
  });
});

describe('volatileWord', () => {
  it.each([
    ['select * from articles where publish_at <= now()', 'now'],
    ["select * from articles where publish_at <= datetime('now')", 'now'],
    ['select * from articles order by RANDOM()', 'random'],
    ['select * from articles where day = CURRENT_DATE', 'current_date'],
    ['select title from articles where id = ?', null],
  ])('of %j is %s', (sql, word) => {
    expect(volatileWord(parseStatement(sql))).toBe(word);
  });
});

describe('rowsNamed', () => {
  it.each([
    ['update `articles` set `title` = ? where `id` = ?', 1],
    ['update "articles" set "title" = $1 where ("id" = $2)', 1],
    ['update articles set views = views + 1 where articles.id in (?, ?, ?)', 3],
    ['update articles set views = views + 1 where id = 5', 0],
    ['update articles set title = ? where id = ? or rating = ?', 0],
    ['update articles set title = ? where author_id = ?', 0],
    ['update articles set title = ? where rating = ? and id = ?', 0],
    ['update articles set title = ? where not id = ?', 0],
    ['update articles set title = ? where id = ? returning id', 0],
    ['update articles set title = ?', 0],
    ['update articles set title = ? where rating = 1 or exists (select 1 where id = ?)', 0],
    ['delete from articles where id = ?', 0],
    ['select * from articles where id = ?', 0],
  ])('of %j are %i', (sql, count) => {
    expect(rowsNamed(sql)).toBe(count);
  });
});
