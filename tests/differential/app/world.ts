import type { Core, Modules, UID } from '@strapi/strapi';
import { Random } from '../random';
import type { TypeInfo } from '../protocol';
import { describe } from './catalog';

export type Data = Record<string, unknown>;

export interface Row {
  readonly id: number;
  readonly documentId: string;
  readonly locale: string | null;
  readonly publishedAt: string | Date | null;
}

/** A refused write is part of a history; an operation that cannot be done now is skipped. */
export class Skipped extends Error {}

const FULL_ACCESS = 'Bearer development-only-full-access-token';
const ADMIN = { email: 'admin@playground.local', password: 'Playground-1' };
let adminToken: string | null = null;

/** What an operation may use: this Strapi, its own HTTP address, and choices. */
export class World {
  readonly random: Random;

  constructor(
    readonly strapi: Core.Strapi,
    readonly origin: string,
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  type(uid: string): TypeInfo {
    const known = { ...this.strapi.contentTypes, ...this.strapi.components } as unknown as Record<
      string,
      Parameters<typeof describe>[1]
    >;
    const schema = known[uid];
    if (!schema) throw new Error(`no type ${uid}`);
    return describe(uid, schema);
  }

  query(uid: string): ReturnType<Core.Strapi['db']['query']> {
    return this.strapi.db.query(uid as UID.Schema);
  }

  documents(uid: string): Modules.Documents.ServiceInstance {
    return this.strapi.documents(uid as UID.ContentType) as unknown as Modules.Documents.ServiceInstance;
  }

  /** Every row of a type, in the order of their making. */
  rows(uid: string): Promise<Row[]> {
    return this.query(uid).findMany({ orderBy: 'id' });
  }

  async row(uid: string): Promise<Row> {
    const rows = await this.rows(uid);
    if (rows.length === 0) throw new Skipped(`no ${uid}`);
    // the first ones are met again and again, as the front page of a site is
    return this.random.chance(0.5) ? this.random.pick(rows.slice(0, 8)) : this.random.pick(rows);
  }

  async documentId(uid: string): Promise<string> {
    return (await this.row(uid)).documentId;
  }

  async documentIds(uid: string, count: number): Promise<string[]> {
    const ids = [...new Set((await this.rows(uid)).map((row) => row.documentId))];
    return this.random.sample(ids, count);
  }

  async ids(uid: string, count: number): Promise<number[]> {
    return this.random.sample(
      (await this.rows(uid)).map((row) => row.id),
      count,
    );
  }

  rest(method: string, path: string, body?: Data): Promise<string> {
    return this.send(method, `/api${path}`, FULL_ACCESS, body);
  }

  async admin(method: string, path: string, body?: Data | FormData): Promise<string> {
    adminToken ??= await this.login();
    return this.send(method, path, `Bearer ${adminToken}`, body);
  }

  private async login(): Promise<string> {
    const response = await fetch(`${this.origin}/admin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });
    const { data } = (await response.json()) as { data?: { token?: string; accessToken?: string } };
    const token = data?.accessToken ?? data?.token;
    if (!token) throw new Error(`admin login: status ${response.status}`);
    return token;
  }

  private async send(
    method: string,
    path: string,
    authorization: string,
    body?: Data | FormData,
  ): Promise<string> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        authorization,
        ...(form || body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: form ? body : body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const short = `${method} ${path} ${form || body === undefined ? '' : JSON.stringify(body).slice(0, 300)}`;
    if (response.status >= 400) throw new Error(`${short} -> ${response.status} ${text.slice(0, 200)}`);
    return `${short} -> ${response.status}`;
  }
}
