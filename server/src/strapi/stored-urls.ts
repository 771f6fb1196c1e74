import type { Core } from '@strapi/strapi';
import { asTracker } from './orm';
import { outside } from './self-request';

interface Builder {
  select(columns: string[]): Builder;
  where(where: object): Builder;
  first(): Builder;
  insert(data: object): Builder;
  update(data: object): Builder;
  execute(options?: { mapResults?: boolean }): Promise<unknown>;
}

/** A list of URLs in Strapi's own settings table: what this instance was asked for most, for those that start later. */
export class StoredUrls {
  private readonly key: string;

  constructor(
    private readonly strapi: Core.Strapi,
    /** Apps that share a database may cache under different prefixes. */
    prefix: string,
  ) {
    this.key = `plugin_upstash-cache_urls:${prefix}`;
  }

  async read(): Promise<string[]> {
    const row = await this.run((table) => this.find(table));
    const value = (row as { value?: string } | null | undefined)?.value;
    const list: unknown = value === undefined ? [] : JSON.parse(value);
    return Array.isArray(list) ? list.filter((it) => typeof it === 'string') : [];
  }

  async write(urls: readonly string[]): Promise<void> {
    const value = JSON.stringify(urls);
    const known = await this.run((table) => this.find(table));
    const row = { key: this.key, value, type: 'object', environment: null, tag: null };
    await this.run((table) =>
      known ? table.where({ key: this.key }).update({ value }).execute() : table.insert(row).execute(),
    );
  }

  private find(table: Builder): Promise<unknown> {
    return table.select(['value']).where({ key: this.key }).first().execute({ mapResults: false });
  }

  /** As the trackers' own statement: it purges nothing. */
  private run(statement: (table: Builder) => Promise<unknown>): Promise<unknown> {
    const table = this.strapi.db.queryBuilder('strapi::core-store') as unknown as Builder;
    return outside(() => asTracker(() => statement(table)));
  }
}
