import { existsSync, readFileSync } from 'node:fs';
import type { StrapiProcess } from '../differential/processes';

const FULL_ACCESS = { authorization: 'Bearer development-only-full-access-token' };

export interface Seen {
  readonly status: number;
  readonly body: string;
  /** `X-Cache`. */
  readonly outcome: string;
  /** `Cache-Status`. */
  readonly detail: string;
  /** Milliseconds. */
  readonly took: number;
  /** `performance.now()` when the request was sent. */
  readonly sentAt: number;
}

/** One Strapi of a fleet, as its clients know it. */
export class Instance {
  constructor(
    readonly process: StrapiProcess,
    private readonly logFile: string,
  ) {}

  /** What it has logged so far. */
  get log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    const sentAt = performance.now();
    const response = await fetch(this.process.origin + path, { headers });
    const body = await response.text();
    const field = (name: string): string => response.headers.get(name) ?? '';
    const took = performance.now() - sentAt;
    return {
      status: response.status,
      body,
      outcome: field('x-cache'),
      detail: field('cache-status'),
      took,
      sentAt,
    };
  }

  /** Renames a tag over REST. @returns milliseconds until the write was answered */
  async rename(documentId: string, name: string): Promise<number> {
    const sentAt = performance.now();
    const response = await fetch(`${this.process.origin}/api/tags/${documentId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...FULL_ACCESS },
      body: JSON.stringify({ data: { name } }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the write was refused: ${response.status} ${text}`);
    return performance.now() - sentAt;
  }

  /** Document ids of tags. */
  async tags(): Promise<string[]> {
    const { body } = await this.get('/api/tags?pagination[pageSize]=100&sort=documentId');
    return (JSON.parse(body) as { data: { documentId: string }[] }).data.map((it) => it.documentId);
  }
}

export const tagPath = (documentId: string): string => `/api/tags/${documentId}?populate=articles`;

export const nameIn = (seen: Seen): string => (JSON.parse(seen.body) as { data: { name: string } }).data.name;
