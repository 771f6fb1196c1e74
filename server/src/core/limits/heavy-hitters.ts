export interface Hitter {
  readonly name: string;
  /** At most this many; `sure` of them were counted under this very name. */
  readonly count: number;
  readonly sure: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
}

/**
 * The names that occur most often, in constant memory: a new name takes the place, and the count, of the rarest
 * (Space-Saving: Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements", 2005).
 */
export class HeavyHitters {
  private readonly held = new Map<string, { count: number; error: number; lastAt: number }>();

  constructor(private readonly capacity = 64) {}

  add(name: string, now: number): void {
    const known = this.held.get(name);
    if (known) {
      known.count++;
      known.lastAt = now;
      return;
    }
    const error = this.held.size < this.capacity ? 0 : this.evictRarest();
    this.held.set(name, { count: error + 1, error, lastAt: now });
  }

  delete(name: string): void {
    this.held.delete(name);
  }

  names(): Iterable<string> {
    return this.held.keys();
  }

  top(count: number): Hitter[] {
    return [...this.held]
      .map(([name, it]) => ({ name, count: it.count, sure: it.count - it.error, lastAt: it.lastAt }))
      .sort((a, b) => b.count - a.count || b.lastAt - a.lastAt)
      .slice(0, count);
  }

  private evictRarest(): number {
    let rarest = '';
    let least = Infinity;
    for (const [name, { count }] of this.held) {
      if (count < least) [rarest, least] = [name, count];
    }
    this.held.delete(rarest);
    return least;
  }
}
