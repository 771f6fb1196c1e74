import { groupBy } from '../group-by';
import { Series, type Bucket } from '../stats/series';
import { maskedPartition, type Digest } from './partition';
import type { Policy, PolicyOptions } from './policy';

const OUTCOMES = ['allowed', 'limited', 'dryRun'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What happened in one minute or hour that began at `at` (epoch milliseconds). */
export interface TallySlot {
  at: number;
  allowed: number;
  limited: number;
  /** Requests that a policy in dry run would have refused. */
  dryRun: number;
}

/** Counts outcomes per minute of the last hour and per hour of the last two days, in constant memory. */
export class Tally {
  private readonly series = new Series(OUTCOMES.length, Uint32Array, 48);

  add(outcome: Outcome, now: number): void {
    this.series.add(OUTCOMES.indexOf(outcome), 1, now);
  }

  /** Slots in which something happened, oldest first. */
  read(now: number): { minutes: TallySlot[]; hours: TallySlot[] } {
    const { minutes, hours } = this.series.read(now);
    return { minutes: minutes.map(slotOf), hours: hours.map(slotOf) };
  }
}

const slotOf = ({ at, counts: [allowed = 0, limited = 0, dryRun = 0] }: Bucket): TallySlot => ({
  at,
  allowed,
  limited,
  dryRun,
});

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

const DAY = 86_400_000;

/** What a policy of some options has done. */
export interface PolicyStats extends Pick<
  PolicyOptions,
  'name' | 'algorithm' | 'quota' | 'window' | 'dryRun'
> {
  readonly minutes: readonly TallySlot[];
  readonly hours: readonly TallySlot[];
  /** Partitions refused most often in the last two days, in this process. */
  readonly top: readonly LimitedPartition[];
}

export interface LimitedPartition {
  /** Names the partition towards `reset` without telling who it is. */
  readonly id: string;
  readonly partition: string;
  readonly count: number;
  readonly lastAt: number;
}

/** What the policies have done in this process, for people. */
export class Ledger {
  private readonly pages: Map<
    string,
    { policy: Policy; tally: Tally; hitters: HeavyHitters; saidAt: number }
  >;

  constructor(
    policies: readonly Policy[],
    private readonly digest: Digest,
    private readonly warn: (message: string) => void,
  ) {
    this.pages = new Map(
      policies.map((policy) => [
        policy.name,
        { policy, tally: new Tally(), hitters: new HeavyHitters(), saidAt: -Infinity },
      ]),
    );
  }

  /** How much was added so far. */
  volume = 0;

  add(outcome: Outcome, policy: Policy, partition: string, now: number): void {
    this.volume++;
    const page = this.pages.get(policy.name);
    if (!page) return;
    page.tally.add(outcome, now);
    if (outcome === 'allowed') return;
    page.hitters.add(partition, now);
    // one line a minute, however many requests: an attack must not fill the log as well
    if (outcome !== 'dryRun' || now - page.saidAt < 60_000) return;
    page.saidAt = now;
    this.warn(`rate limit "${policy.name}" (dry run) would have refused ${maskedPartition(partition)}`);
  }

  stats(now: number): PolicyStats[] {
    return [...this.pages.values()].map(({ policy: { options }, tally, hitters }) => ({
      name: options.name,
      algorithm: options.algorithm,
      quota: options.quota,
      window: options.window,
      dryRun: options.dryRun,
      ...tally.read(now),
      top: hitters
        .top(20)
        .filter(({ lastAt }) => lastAt > now - 2 * DAY)
        .map(({ name, count, lastAt }) => ({
          id: this.digest(name),
          partition: maskedPartition(name),
          count,
          lastAt,
        })),
    }));
  }

  /** The partition behind an `id` of `stats`. */
  partitionOf(policy: string, id: string): string | null {
    for (const name of this.pages.get(policy)?.hitters.names() ?? [])
      if (this.digest(name) === id) return name;
    return null;
  }

  forget(policy: string, partition: string): void {
    this.pages.get(policy)?.hitters.delete(partition);
  }
}

/** The numbers of several instances as one, in the order of the first. */
export const mergePolicies = (lists: readonly (readonly PolicyStats[])[]): PolicyStats[] =>
  [...groupBy(lists.flat(), ({ name }) => name).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({
      ...first,
      minutes: mergeSlots(same.flatMap((it) => it.minutes)),
      hours: mergeSlots(same.flatMap((it) => it.hours)),
      top: mergeTop(same.flatMap((it) => it.top)),
    })),
  );

const mergeSlots = (slots: readonly TallySlot[]): TallySlot[] =>
  [...groupBy(slots, ({ at }) => at)]
    .map(([at, same]) => {
      const sum = (outcome: Outcome): number => same.reduce((total, it) => total + it[outcome], 0);
      return { at, allowed: sum('allowed'), limited: sum('limited'), dryRun: sum('dryRun') };
    })
    .sort((a, b) => a.at - b.at);

function mergeTop(partitions: readonly LimitedPartition[]): LimitedPartition[] {
  const sums = new Map<string, LimitedPartition>();
  for (const it of partitions) {
    const { count = 0, lastAt = 0 } = sums.get(it.id) ?? {};
    sums.set(it.id, { ...it, count: it.count + count, lastAt: Math.max(it.lastAt, lastAt) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt).slice(0, 20);
}
