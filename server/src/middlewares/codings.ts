import type { IncomingHttpHeaders } from 'node:http';
import compressible from 'compressible';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { encode, encodedAs, mayBeEncoded, type Coding } from '../core/coding';
import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { headerText } from './capture';
import { storedField } from './not-modified';

/** As version 1 of the library has it; its type declarations are older. */
interface Preferring {
  encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
}

/** Different texts of a header field whose verdict is remembered. */
const MOST_TEXTS = 256;
/** Forms that are being made at once. More are left for a later hit. */
const MOST_AT_ONCE = 4;

/** Neither coding is to be made. */
const NONE = { br: null, gzip: null } as const;

/** Answers hits in the coding that the client prefers, and has what is missing made behind the answer. */
export class Codings {
  private readonly verdicts = new LRUCache<string, Coding | 'identity'>({ max: MOST_TEXTS });
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly store: Store,
    /** Bytes below which a body is sent as it is. */
    private readonly minSize: number,
    private codings: readonly Coding[],
  ) {}

  /** Codings that the application has switched off for its own compression. Call before the first request. */
  leaveOut(refused: readonly string[]): void {
    this.codings = this.codings.filter((coding) => !refused.includes(coding));
  }

  /** Whether the bytes of a response that is about to be stored will depend on the request. */
  varies(ctx: Context, bytes: number): boolean {
    return this.fits(headerText(ctx, 'content-type') ?? '', bytes);
  }

  /** The form of an entry to send now. */
  shown(headers: IncomingHttpHeaders, entry: Entry): Entry {
    const accepted = headers['accept-encoding'];
    if (accepted === undefined) return entry;
    const coding = this.verdicts.get(String(accepted)) ?? this.judge(String(accepted));
    if (coding === 'identity') return entry;
    const form = entry.encoded?.[coding];
    if (form === undefined) this.want(entry, coding);
    return form ?? entry;
  }

  /** Resolves when nothing is being made. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
  }

  private judge(accepted: string): Coding | 'identity' {
    const negotiator = new Negotiator({ headers: { 'accept-encoding': accepted } }) as unknown as Preferring;
    const [first] = negotiator.encodings([...this.codings, 'identity'], { preferred: this.codings });
    const verdict = this.codings.find((it) => it === first) ?? 'identity';
    this.verdicts.set(accepted, verdict);
    return verdict;
  }

  private want(entry: Entry, coding: Coding): void {
    if (this.running.size >= MOST_AT_ONCE || this.running.has(entry.key)) return;
    if (
      !mayBeEncoded(entry.headers) ||
      !this.fits(storedField(entry, 'content-type') ?? '', entry.body.byteLength)
    ) {
      entry.encoded = NONE;
      return;
    }
    const job = this.make(entry, coding).finally(() => this.running.delete(entry.key));
    this.running.set(entry.key, job);
  }

  private async make(entry: Entry, coding: Coding): Promise<void> {
    await new Promise((answered) => setImmediate(answered));
    const body = await encode(entry.body, coding).catch(() => entry.body);
    const encoded = { ...entry.encoded, [coding]: encodedAs(entry, coding, body) };
    this.store.replace(entry, { ...entry, encoded });
  }

  private fits(type: string, bytes: number): boolean {
    return bytes >= this.minSize && compressible(type) === true;
  }
}

/** Codings that the options of `strapi::compression` switch off. */
export const refusedCodings = (options: object | undefined): string[] =>
  Object.entries(options ?? {}).flatMap(([name, value]) => (value === false || value === null ? [name] : []));
