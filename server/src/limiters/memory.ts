import { LRUCache } from 'lru-cache';
import { COUNTERS, type Counter } from '../core/limits/algorithms';
import type { Allowance, Limiter, Verdict } from '../core/limits/limiter';

interface Held extends Pick<Allowance, 'policy' | 'window' | 'algorithm'> {
  readonly counter: Counter;
}

/** Counts in this process, and decides without a promise. The least recently used partitions are forgotten. */
export class MemoryLimiter implements Limiter {
  readonly kind = 'memory';
  /** By partition, one for each policy: a name that was made of both would have to be hashed anew for each request. */
  private readonly counters: LRUCache<string, Held[]>;

  /** @param maxPartitions partitions remembered; about 200 bytes each, and 100 for every further policy */
  constructor(maxPartitions = 50_000) {
    this.counters = new LRUCache({ max: maxPartitions });
  }

  get partitions(): number {
    return this.counters.size;
  }

  take(allowance: Allowance, partition: string, now: number): Verdict {
    return this.counter(allowance, partition, true).verdict(allowance, now, true);
  }

  peek(allowance: Allowance, partition: string, now: number): Verdict {
    return this.counter(allowance, partition, false).verdict(allowance, now, false);
  }

  giveBack(allowance: Allowance, partition: string, now: number): void {
    this.counter(allowance, partition, false).giveBack(allowance, now);
  }

  reset({ policy }: Allowance, partition: string): void {
    const left = this.counters.peek(partition)?.filter((held) => held.policy !== policy) ?? [];
    if (left.length > 0) this.counters.set(partition, left);
    else this.counters.delete(partition);
  }

  close(): void {
    this.counters.clear();
  }

  private counter(allowance: Allowance, partition: string, keep: boolean): Counter {
    const known = keep ? this.counters.get(partition) : this.counters.peek(partition);
    const { policy, algorithm, window } = allowance;
    const found = known?.find((held) => held.policy === policy);
    if (found && found.algorithm === algorithm && found.window === window) return found.counter;
    const counter = new COUNTERS[algorithm]();
    const others = (known ?? []).filter((held) => held !== found);
    if (keep) this.counters.set(partition, [...others, { policy, algorithm, window, counter }]);
    return counter;
  }
}
