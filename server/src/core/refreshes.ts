import { BoundedMap } from './bounded-map';

/** What became of a refresh. `dropped`: it did not come to a response that could be judged. */
export type Refreshed = 'stored' | 'refused' | 'failed' | 'overtaken' | 'dropped';

/** A key whose refresh brought nothing is left alone for so long, milliseconds. */
const PAUSE = 1000;
/** Keys in their pause that are remembered. */
const MOST_PAUSES = 10_000;

/** Background refreshes: one per key, so many at once, none after `drain`. */
export class Refreshes {
  private readonly running = new Map<string, Promise<void>>();
  private readonly pausedUntil = new BoundedMap<string, number>(MOST_PAUSES);
  private closed = false;

  /** @param most refreshes that may be under way at once */
  constructor(private readonly most: number) {}

  get active(): number {
    return this.running.size;
  }

  /**
   * Begins a refresh unless one is under way for the key, or too many are.
   * @param now epoch milliseconds
   * @param run makes the response anew; nobody waits for it
   * @returns whether it was begun
   */
  start(key: string, now: number, run: () => Promise<Refreshed>): boolean {
    if (this.closed || this.running.size >= this.most || this.running.has(key)) return false;
    if ((this.pausedUntil.get(key) ?? -Infinity) > now) return false;
    const done = run()
      .catch((): Refreshed => 'failed')
      .then((outcome) => {
        this.running.delete(key);
        if (outcome === 'failed' || outcome === 'dropped') this.pausedUntil.set(key, now + PAUSE);
        else this.pausedUntil.delete(key);
      });
    this.running.set(key, done);
    return true;
  }

  /** Begins no more; resolves when those under way are over. */
  async drain(): Promise<void> {
    this.closed = true;
    await Promise.all(this.running.values());
  }
}
