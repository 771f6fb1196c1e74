import { LRUCache } from 'lru-cache';
import {
  fixedWindow,
  type FixedWindow,
  slidingWindow,
  type SlidingWindow,
  tokenBucket,
  type TokenBucket,
} from '../core/limits/algorithms';
import type { Allowance, Limiter, Verdict } from '../core/limits/limiter';

type Counter = { readonly policy: string; readonly window: number } & (
  | { readonly algorithm: 'fixed-window'; readonly state: FixedWindow }
  | { readonly algorithm: 'sliding-window'; readonly state: SlidingWindow }
  | { readonly algorithm: 'token-bucket'; readonly state: TokenBucket }
);

/** Counts in this process, and decides without a promise. The least recently used partitions are forgotten. */
export class MemoryLimiter implements Limiter {
  readonly kind = 'memory';
  /** By partition, one for each policy: a name that was made of both would have to be hashed anew for each request. */
  private readonly counters: LRUCache<string, Counter[]>;

  /** @param maxPartitions partitions remembered; about 200 bytes each, and 100 for every further policy */
  constructor(maxPartitions = 50_000) {
    this.counters = new LRUCache({ max: maxPartitions });
  }

  get partitions(): number {
    return this.counters.size;
  }

  take(allowance: Allowance, partition: string, now: number): Verdict {
    return verdictOf(this.counter(allowance, partition, true), allowance, now, true);
  }

  peek(allowance: Allowance, partition: string, now: number): Verdict {
    return verdictOf(this.counter(allowance, partition, false), allowance, now, false);
  }

  giveBack(allowance: Allowance, partition: string, now: number): void {
    const counter = this.counter(allowance, partition, false);
    if (counter.algorithm === 'token-bucket') tokenBucket.giveBack(counter.state, allowance);
    else if (counter.algorithm === 'fixed-window') fixedWindow.giveBack(counter.state, allowance, now);
    else slidingWindow.giveBack(counter.state, allowance, now);
  }

  reset({ policy }: Allowance, partition: string): void {
    const left = this.counters.peek(partition)?.filter((counter) => counter.policy !== policy) ?? [];
    if (left.length > 0) this.counters.set(partition, left);
    else this.counters.delete(partition);
  }

  close(): void {
    this.counters.clear();
  }

  private counter(allowance: Allowance, partition: string, keep: boolean): Counter {
    const known = keep ? this.counters.get(partition) : this.counters.peek(partition);
    const found = known?.find(({ policy }) => policy === allowance.policy);
    if (found && found.algorithm === allowance.algorithm && found.window === allowance.window) return found;
    const made = freshCounter(allowance);
    if (keep) this.counters.set(partition, [...(known ?? []).filter((counter) => counter !== found), made]);
    return made;
  }
}

function freshCounter({ policy, algorithm, window }: Allowance): Counter {
  if (algorithm === 'token-bucket') return { policy, window, algorithm, state: tokenBucket.fresh() };
  if (algorithm === 'fixed-window') return { policy, window, algorithm, state: fixedWindow.fresh() };
  return { policy, window, algorithm, state: slidingWindow.fresh() };
}

function verdictOf(counter: Counter, allowance: Allowance, now: number, charge: boolean): Verdict {
  if (counter.algorithm === 'token-bucket') return tokenBucket.verdict(counter.state, allowance, now, charge);
  if (counter.algorithm === 'fixed-window') return fixedWindow.verdict(counter.state, allowance, now, charge);
  return slidingWindow.verdict(counter.state, allowance, now, charge);
}
