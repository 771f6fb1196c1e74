import { HeavyHitters } from './heavy-hitters';
import { maskedPartition, type Digest } from './partition';
import type { Policy, PolicyOptions } from './policy';
import { Tally, type Outcome, type TallySlot } from './tally';

const DAY = 86_400_000;

export interface PolicyStats {
  readonly name: string;
  readonly algorithm: PolicyOptions['algorithm'];
  readonly quota: PolicyOptions['quota'];
  /** Milliseconds. */
  readonly window: number;
  readonly dryRun: boolean;
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
