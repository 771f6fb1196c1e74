import { BoundedMap } from './bounded-map';

/** Keys that are told apart by their variants. */
const MOST_KEYS = 10_000;

/**
 * Variants of a response: entries that differ in nothing but the request headers that are part of the key. Anybody
 * may send any value, so only so many of them are kept.
 */
export class Variants {
  private readonly known = new BoundedMap<string, string[]>(MOST_KEYS);

  /** @param most variants of one key that are kept */
  constructor(private readonly most: number) {}

  /** Whether there are variants other than this one. */
  hasOther(base: string, key: string): boolean {
    return this.known.get(base)?.some((it) => it !== key) ?? false;
  }

  /**
   * A variant was stored.
   * @returns the variant that has to give way for it, or null
   */
  add(base: string, key: string): string | null {
    const keys = this.known.get(base) ?? [];
    this.known.set(base, keys);
    if (!keys.includes(key)) keys.push(key);
    return keys.length > this.most ? (keys.shift() ?? null) : null;
  }
}
