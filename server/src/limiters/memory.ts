import { LRUCache } from 'lru-cache';
import { fixedWindow, type FixedWindow } from '../core/limits/fixed-window';
import type { Allowance, Limiter, Verdict } from '../core/limits/limiter';
import { slidingWindow, type SlidingWindow } from '../core/limits/sliding-window';
import { tokenBucket, type TokenBucket } from '../core/limits/token-bucket';

type Counter =
  | { readonly algorithm: 'fixed-window'; readonly window: number; readonly state: FixedWindow }
  | { readonly algorithm: 'sliding-window'; readonly window: number; readonly state: SlidingWindow }
  | { readonly algorithm: 'token-bucket'; readonly window: number; readonly state: TokenBucket };

/** Counts in this process, and decides without a promise. The least recently used partitions are forgotten. */
export class MemoryLimiter implements Limiter {
  readonly kind = 'memory';
  private readonly counters: LRUCache<string, Counter>;

  /** @param maxPartitions partitions remembered, of all policies together; about 200 bytes each */
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

  reset(allowance: Allowance, partition: string): void {
    this.counters.delete(keyOf(allowance, partition));
  }

  close(): void {
    this.counters.clear();
  }

  private counter(allowance: Allowance, partition: string, keep: boolean): Counter {
    const key = keyOf(allowance, partition);
    const known = keep ? this.counters.get(key) : this.counters.peek(key);
    if (known && known.algorithm === allowance.algorithm && known.window === allowance.window) return known;
    const made = freshCounter(allowance);
    if (keep) this.counters.set(key, made);
    return made;
  }
}

const keyOf = ({ policy }: Allowance, partition: string): string => `${policy}\n${partition}`;

function freshCounter({ algorithm, window }: Allowance): Counter {
  if (algorithm === 'token-bucket') return { algorithm, window, state: tokenBucket.fresh() };
  if (algorithm === 'fixed-window') return { algorithm, window, state: fixedWindow.fresh() };
  return { algorithm, window, state: slidingWindow.fresh() };
}

function verdictOf(counter: Counter, allowance: Allowance, now: number, charge: boolean): Verdict {
  if (counter.algorithm === 'token-bucket') return tokenBucket.verdict(counter.state, allowance, now, charge);
  if (counter.algorithm === 'fixed-window') return fixedWindow.verdict(counter.state, allowance, now, charge);
  return slidingWindow.verdict(counter.state, allowance, now, charge);
}
