import type { Entry } from './entry';
import { Flights } from './flights';
import type { Store } from './store';

/** What a fill came to. Followers get the entry if there is one; without it each of them runs by itself. */
export interface Filled {
  /** The response as it may be handed to other callers of the same key; null when it was made for its leader only. */
  readonly shared: Entry | null;
  /** Whether it can never be shared, by what it is: the next callers of the key do not wait for each other. */
  readonly personal?: boolean;
  /** The handler failed: those who have something to fall back on need not try it too. */
  readonly failed?: boolean;
}

export type FillRole =
  | { readonly role: 'leader' }
  | { readonly role: 'follower'; readonly entry: Entry }
  | { readonly role: 'alone'; readonly reason: 'unavailable' | 'unshared' | 'slow' | 'failed' };

/** Rounds a follower takes before it stops waiting for others whose responses were purged under way. */
const ROUNDS = 3;

/** Runs the handler once for any number of concurrent callers of one missing key (promise P8). */
export class Fills {
  private readonly flights = new Flights<Filled>();

  constructor(
    private readonly store: Store,
    /** Keys whose last response was for one caller: their callers do not wait for each other for a while. */
    private readonly passes: Pick<Set<string>, 'has'> & { add(key: string): void },
    /** Resolves after the longest time that a follower waits for its leader. */
    private readonly patience: () => { readonly over: Promise<'slow'>; cancel(): void },
  ) {}

  /**
   * @param fill runs the handler; its argument is the clock reading from before its first read
   * @throws what the leader's handler threw, to the leader only
   */
  async run(key: string, fill: (seq: number) => Promise<Filled>): Promise<FillRole> {
    for (let round = 0; round < ROUNDS; round++) {
      if (this.passes.has(key)) return { role: 'alone', reason: 'unshared' };
      const flight = this.flights.of(key);
      if (!flight) {
        const begun = this.store.begin();
        const seq = typeof begun === 'number' || begun === null ? begun : await begun;
        if (seq === null) return { role: 'alone', reason: 'unavailable' };
        if (this.flights.of(key)) continue; // somebody took the lead while the store was asked
        const { personal } = await this.flights.lead(key, () => fill(seq));
        if (personal) this.passes.add(key);
        return { role: 'leader' };
      }
      const landed = await this.wait(flight);
      if (landed === 'slow') return { role: 'alone', reason: 'slow' };
      if (landed === null || landed.failed) return { role: 'alone', reason: 'failed' };
      if (!landed.shared) return { role: 'alone', reason: 'unshared' };
      // The leader may have read before a purge that this caller must already see: then a new flight is due.
      if (this.store.isValid(landed.shared)) return { role: 'follower', entry: landed.shared };
    }
    return { role: 'alone', reason: 'unshared' };
  }

  get inFlight(): number {
    return this.flights.size;
  }

  private async wait(flight: Promise<Filled>): Promise<Filled | null | 'slow'> {
    const patience = this.patience();
    try {
      return await Promise.race([flight.catch(() => null), patience.over]);
    } finally {
      patience.cancel();
    }
  }
}
