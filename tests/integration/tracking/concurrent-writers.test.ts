import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresCluster } from '../../differential/postgres';
import { MariadbServer } from '../../support/mariadb';
import { ROOT } from '../../support/root';
import { startSite, type Site } from '../../support/strapi';
import { ARTICLE, TAG } from './site';

const require = createRequire(path.join(ROOT, 'playground/dist/index.js'));

interface Server {
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

const servers: Record<string, (folder: string) => Promise<Server>> = {
  postgres: async (folder) => {
    const cluster = await PostgresCluster.start(folder);
    cluster.create('site');
    return { env: serverEnv('postgres', cluster.port), stop: () => cluster.stop() };
  },
  mysql: async (folder) => {
    const server = await MariadbServer.start(folder);
    await server.create('site');
    return { env: serverEnv('mysql', server.port), stop: () => server.stop() };
  },
  sqlite: () => Promise.resolve({ env: {}, stop: () => Promise.resolve() }),
};

const serverEnv = (client: string, port: number): Record<string, string> => ({
  DATABASE_CLIENT: client,
  DATABASE_HOST: '127.0.0.1',
  DATABASE_PORT: String(port),
  DATABASE_NAME: 'site',
  DATABASE_USERNAME: 'playground',
  DATABASE_PASSWORD: '',
});

/** A promise, and what resolves it. */
function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

interface Builder {
  update(data: unknown): Builder;
  execute(options?: unknown): Promise<unknown>;
}

interface Manager {
  createQueryBuilder(uid: string): Builder;
}

interface Hold {
  /** Resolves when the statement is about to run. */
  readonly reached: Promise<void>;
  go(): void;
}

/** Holds the next update of a type by the entity manager, which comes right behind the plugin's look at the row. */
function holdUpdate(site: Site, uid: string): Hold {
  const manager = site.strapi.db.entityManager as unknown as Manager;
  const original = manager.createQueryBuilder;
  const [gate, reached] = [deferred(), deferred()];
  manager.createQueryBuilder = function (this: Manager, asked: string): Builder {
    const builder = original.call(this, asked);
    const { update } = builder;
    if (asked === uid)
      builder.update = (data) => {
        manager.createQueryBuilder = original;
        const { execute } = builder;
        builder.execute = async (options) => {
          reached.resolve();
          await gate.promise;
          return execute.call(builder, options);
        };
        return update.call(builder, data);
      };
    return builder;
  };
  return { reached: reached.promise, go: () => gate.resolve() };
}

interface Thenable {
  then(...handlers: unknown[]): Promise<unknown>;
}

interface Connections {
  getConnection(table?: string): Thenable;
}

/** Holds the next statement on a join table that Strapi makes, which comes right behind the plugin's look at the links. */
function holdLinks(site: Site, table: string): Hold {
  const db = site.strapi.db as unknown as Connections;
  const original = db.getConnection;
  const [gate, reached] = [deferred(), deferred()];
  db.getConnection = function (this: Connections, asked?: string): Thenable {
    const query = original.call(this, asked);
    // a select of Strapi has an alias for its table
    if (asked?.split(' ')[0] !== table) return query;
    db.getConnection = original;
    const { then } = query;
    query.then = (...handlers) => {
      query.then = then;
      reached.resolve();
      return gate.promise.then(() => then.apply(query, handlers));
    };
    return query;
  };
  return { reached: reached.promise, go: () => gate.resolve() };
}

describe.each(Object.keys(servers))('two writers at once on %s', (kind) => {
  let site: Site;
  let stop: () => Promise<void>;
  const query = (uid: string) => site.strapi.db.query(uid as never);
  const first = async (uid: string, where = {}) =>
    (await query(uid).findOne({ where, orderBy: 'id' } as never)) as unknown as {
      id: number;
      documentId: string;
      name: string;
    };

  beforeAll(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'writers-'));
    chmodSync(folder, 0o755); // the servers run under accounts of their own
    const server = await servers[kind]!(folder);
    site = await startSite({ env: server.env });
    if (kind !== 'sqlite') {
      const { seed } = require('./src/seed') as {
        seed(strapi: unknown, options: object): Promise<void>;
      };
      await seed(site.strapi, { images: false, scale: 0.1 });
    }
    stop = async () => {
      await site.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  }, 240_000);

  afterAll(async () => {
    await stop?.();
  });

  /** Resolves when a write has ended, or waits for somebody else's lock. */
  async function settledOrBlocked(write: Promise<unknown>): Promise<'settled' | 'blocked'> {
    let settled = false;
    void write.then(
      () => (settled = true),
      () => (settled = true),
    );
    const knex = site.strapi.db.connection;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return 'settled';
      if (kind === 'postgres') {
        const waiting = (await knex.raw(
          "select count(*) from pg_stat_activity where datname = 'site' and wait_event_type = 'Lock'",
        )) as { rows: { count: string }[] };
        if (Number(waiting.rows[0]?.count) > 0) return 'blocked';
      } else {
        // InnoDB makes this table anew only when nobody has read it for a tenth of a second
        await new Promise((resolve) => setTimeout(resolve, 150));
        const [rows] = (await knex.raw(
          "select count(*) as waiting from information_schema.innodb_trx where trx_state = 'LOCK WAIT'",
        )) as { waiting: number }[][];
        if (Number(rows?.[0]?.waiting) > 0) return 'blocked';
      }
    }
  }

  if (kind !== 'sqlite')
    it('keeps others from a row until its transaction is over, so that what it unmakes was never seen', async () => {
      const { id, documentId, name } = await first(TAG);
      const url = `/api/tags/${documentId}?fields[0]=name`;
      await site.get(url);
      const held = holdUpdate(site, TAG);
      const update = (value: string) => query(TAG).update({ where: { id }, data: { name: value } } as never);
      const one = site.strapi.db.transaction(() => update(name));
      await held.reached;
      const other = update('for a moment');
      expect(await settledOrBlocked(other)).toBe('blocked');
      held.go();
      await Promise.all([one, other]);
      expect((await site.get(url)).body.toString()).toContain('for a moment');
    });

  it('purges every column that it sets outside of a transaction, where others may change them in between', async () => {
    const { id, documentId } = await first(TAG);
    const update = (value: string) => query(TAG).update({ where: { id }, data: { name: value } } as never);
    await update('before');
    const url = `/api/tags/${documentId}?fields[0]=name`;
    const held = holdUpdate(site, TAG);
    const one = update('before');
    await held.reached;
    await update('for a moment');
    expect((await site.get(url)).body.toString()).toContain('for a moment');
    expect((await site.get(url)).header('x-cache')).toBe('HIT');
    held.go();
    await one;
    expect((await site.get(url)).body.toString()).toContain('before');
  });

  if (kind !== 'sqlite')
    it('purges what shows a link that came between its look and its set of links', async () => {
      const { id, documentId } = await first(ARTICLE, { publishedAt: { $notNull: true } });
      const kept = await first(TAG);
      const taken = await first(TAG, { id: { $gt: kept.id } });
      const link = (tags: unknown) => query(ARTICLE).update({ where: { id }, data: { tags } } as never);
      await link({ set: [kept.id] });
      const urls = [
        `/api/tags/${taken.documentId}?populate[articles][count]=true`,
        `/api/tags/${taken.documentId}?fields[0]=name&populate[articles][fields][0]=slug`,
        `/api/articles?fields[0]=slug&filters[tags][id][$eq]=${taken.id}`,
        `/api/articles/${documentId}?fields[0]=slug&populate[tags][fields][0]=name`,
      ];
      const held = holdLinks(site, 'articles_tags_lnk');
      const one = link({ set: [kept.id] });
      await held.reached;
      // from the other side, which does not touch the article's own row
      const other = query(TAG).update({
        where: { id: taken.id },
        data: { articles: { connect: [id] } },
      } as never);
      const before = new Map<string, string>();
      await other;
      for (const url of urls) before.set(url, (await site.get(url)).body.toString());
      expect(before.get(urls[0]!)).toContain('"count":1');
      held.go();
      await one;
      const [count] = await Promise.all([site.get(urls[0]!, { range: 'bytes=0-' })]);
      // MariaDB goes on with what it saw first, and leaves alone what came since
      const left = kind === 'postgres' ? 0 : 1;
      expect(count?.body.toString(), 'links left').toContain(`"count":${left}`);
      for (const url of urls) {
        const shown = await site.get(url);
        const right = await site.get(url, { range: 'bytes=0-' });
        expect(shown.body.toString(), `${url} was ${before.get(url)}`).toBe(right.body.toString());
      }
    });

  if (kind !== 'sqlite')
    it('runs into a deadlock of two rows that link to each other only where it would without the plugin', async () => {
      const rows = (await query(ARTICLE).findMany({
        where: { publishedAt: null },
        limit: 2,
      } as never)) as never as {
        id: number;
      }[];
      const [a, b] = rows.map(({ id }) => id);
      const both = async (
        run: (own: number, other: number, updated: () => Promise<void>) => Promise<unknown>,
      ) => {
        let waiting = 2;
        const all = deferred();
        const updated = (): Promise<void> => {
          if (--waiting === 0) all.resolve();
          return all.promise;
        };
        const ends = await Promise.allSettled([run(a!, b!, updated), run(b!, a!, updated)]);
        return ends.map(({ status }) => status).sort();
      };
      const withPlugin = await both((own, other, updated) =>
        site.strapi.db.transaction(async () => {
          await query(ARTICLE).update({ where: { id: own }, data: { summary: 'both' } } as never);
          await updated();
          await query(ARTICLE).update({
            where: { id: own },
            data: { related: { connect: [other] } },
          } as never);
        }),
      );
      const { connection } = site.strapi.db;
      await connection('articles_related_lnk').delete();
      const plain = await both((own, other, updated) =>
        connection.transaction(async (trx) => {
          await trx('articles').where({ id: own }).update({ summary: 'plain' });
          await updated();
          await trx('articles_related_lnk').insert({ article_id: own, inv_article_id: other });
        }),
      );
      expect(withPlugin).toEqual(plain);
    });
});

describe('SQLite, which locks no rows', () => {
  it.each(['delete', 'wal'])(
    'lets nobody write between a read and a write of one transaction (%s)',
    (mode) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'isolation-'));
      const [one, other] = [0, 1].map(() => new Database(path.join(folder, 'data.db'), { timeout: 0 }));
      try {
        one!.pragma(`journal_mode = ${mode}`);
        one!.exec("create table rows (id integer primary key, name text); insert into rows values (1, 'a')");
        one!.exec('begin');
        one!.prepare('select * from rows where id = 1').get();
        const attempt = (database: Database.Database, sql: string): boolean => {
          try {
            database.exec(sql);
            return true;
          } catch {
            return false;
          }
        };
        const otherWrote = attempt(other!, "update rows set name = 'for a moment'");
        const oneWrote = attempt(one!, "update rows set name = 'a'");
        expect(otherWrote && oneWrote).toBe(false);
      } finally {
        one!.close();
        other!.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
