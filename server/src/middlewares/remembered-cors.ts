import { LRUCache } from 'lru-cache';
import type { HeaderField } from '../core/stored-headers';

/** What `strapi::cors` does to a hit for one origin. */
export interface CorsAnswer {
  /** The fields that it sets, but for `Vary: Origin`: name, value, name, value ... */
  readonly fields: readonly string[];
  /** The fields that it has left in the entry, whose fill had no origin, by name in lower case. They give way. */
  readonly ofFill: ReadonlyMap<string, string>;
}

/** Runs the application's `strapi::cors` for a request that nobody has made. @returns all fields it sets */
export type AskCors = (origin: string | undefined) => Promise<readonly HeaderField[]>;

const LONGEST = 256;

/**
 * Remembers what the application's own `strapi::cors` says to an origin. With a configuration of constants that is all
 * it goes by; a function in it may go by anything, so then nothing is remembered.
 */
export class RememberedCors {
  private readonly answers = new LRUCache<string, CorsAnswer>({ max: 1000 });
  private readonly asked = new Set<string>();

  constructor(
    private readonly ask: AskCors,
    private readonly config: object,
  ) {}

  /** @returns null while it is not known; then it is being asked */
  answerTo(origin: string): CorsAnswer | null {
    const known = this.answers.get(origin);
    if (known) return known;
    if (origin.length <= LONGEST && !this.asked.has(origin) && isConstant(this.config))
      void this.learn(origin);
    return null;
  }

  private async learn(origin: string): Promise<void> {
    this.asked.add(origin);
    try {
      const ofFill = await this.ask(undefined);
      const set = await this.ask(origin);
      const fields = set.flatMap(([name, value]) => (/^vary$/i.test(name) ? [] : [name, String(value)]));
      this.answers.set(origin, { fields, ofFill: accessControl(ofFill) });
    } catch {
      // the request goes through the stack, where an error is answered
    } finally {
      this.asked.delete(origin);
    }
  }
}

/** The fields of CORS among others, by name in lower case. */
export function accessControl(fields: readonly HeaderField[]): ReadonlyMap<string, string> {
  const lower = fields.map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return new Map(lower.filter(([name]) => name.startsWith('access-control-')));
}

const isConstant = (config: object): boolean =>
  Object.values(config).every((value) => typeof value !== 'function');
