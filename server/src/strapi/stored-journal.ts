import type { Core } from '@strapi/strapi';
import type { PurgeJob, PurgeJournal } from '../core/purge-queue';
import { asTracker } from './orm';

interface Builder {
  select(columns: string[]): Builder;
  where(where: object): Builder;
  insert(data: object): Builder;
  delete(): Builder;
  execute(options?: { mapResults?: boolean }): Promise<unknown>;
}

const KEY = 'plugin_upstash-cache_purge:';

/** Undelivered purges in Strapi's own settings table, where every instance of the application finds them. */
export class StoredJournal implements PurgeJournal {
  constructor(
    private readonly strapi: Core.Strapi,
    /** Apps that share a database may cache under different prefixes. */
    private readonly prefix: string,
  ) {}

  async add(job: PurgeJob): Promise<void> {
    const value = JSON.stringify(job);
    const row = { key: this.key(job.id), value, type: 'object', environment: null, tag: null };
    await this.run((table) => table.insert(row).execute());
  }

  async remove(id: string): Promise<void> {
    await this.run((table) =>
      table
        .where({ key: this.key(id) })
        .delete()
        .execute(),
    );
  }

  async list(): Promise<readonly PurgeJob[]> {
    const rows = await this.run((table) =>
      table
        .select(['value'])
        .where({ key: { $startsWith: this.key('') } })
        .execute({ mapResults: false }),
    );
    return (rows as { value: string }[]).map((row) => JSON.parse(row.value) as PurgeJob);
  }

  private key(id: string): string {
    return `${KEY}${this.prefix}:${id}`;
  }

  /** As the trackers' own statement: a journal that purged something would never come to rest. */
  private run(statement: (table: Builder) => Promise<unknown>): Promise<unknown> {
    const table = this.strapi.db.queryBuilder('strapi::core-store') as unknown as Builder;
    return asTracker(() => statement(table));
  }
}
