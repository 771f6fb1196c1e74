import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { RemoteDriver } from './driver';

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** Statistics reach back a week. */
const KEEP_MS = 8 * 86_400_000;
/** Instances that are remembered, those that have ended among them. */
const MOST_INSTANCES = 32;
const MOST_BYTES = 16 * 1_048_576;

export type Part = 'running' | 'closed';

/**
 * What instances tell each other about what they have counted. Each has two values of its own, and stands in one
 * sorted set; all of it expires. Every method rejects with a `RemoteError` when the store does not answer.
 */
export class SharedStats {
  private readonly index: string;

  constructor(
    private readonly driver: RemoteDriver,
    prefix: string,
  ) {
    this.index = `${prefix}:stats`;
  }

  /** One command. */
  async save(id: string, part: Part, value: unknown): Promise<void> {
    await this.driver.write(this.key(id, part), await pack(JSON.stringify(value)), KEEP_MS);
  }

  /** Makes an instance known to the others. Three commands. */
  async register(id: string, now: number): Promise<void> {
    await this.driver.command(['ZADD', this.index, Math.floor(now), id], 'purge');
    await this.driver.command(['PEXPIRE', this.index, KEEP_MS], 'purge');
    await this.driver.command(['ZREMRANGEBYRANK', this.index, 0, -MOST_INSTANCES - 1], 'purge');
  }

  /** Instances that were there within the last week, the newest last. One command. */
  async ids(now: number): Promise<string[]> {
    const answer = await this.driver.command(
      ['ZRANGEBYSCORE', this.index, Math.floor(now) - KEEP_MS, '+inf'],
      'purge',
    );
    return Array.isArray(answer) ? answer.map(String) : [];
  }

  /** One command. @returns null when there is nothing, or nothing that can be read */
  async load(id: string, part: Part): Promise<unknown> {
    const found = await this.driver.read(this.key(id, part));
    if (found === null) return null;
    try {
      const text = await unpack(found, { maxOutputLength: MOST_BYTES });
      return JSON.parse(text.toString()) as unknown;
    } catch {
      return null;
    }
  }

  private key(id: string, part: Part): string {
    return `${this.index}:${id}:${part}`;
  }
}
