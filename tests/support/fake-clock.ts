import type { Time } from '../../server/src/core/time';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so. */
export class FakeTime implements Time {
  private passed = 0;
  private readings = 0;
  private seed: number;
  private readonly timers = new Set<Timer>();

  constructor(
    private readonly start = Date.now(),
    seed = 1,
  ) {
    this.seed = seed;
  }

  now(): number {
    return this.start + this.passed;
  }

  /** No two readings are equal, as on a real machine. */
  monotonic(): number {
    return this.passed + ++this.readings * 1e-6;
  }

  random(): number {
    this.seed = (this.seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return this.seed / 2 ** 32;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.passed + milliseconds, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Lets time pass and runs what falls due, in order. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.passed + milliseconds;
    for (;;) {
      await flushPromises();
      const due = [...this.timers].filter((it) => it.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due);
      this.passed = Math.max(this.passed, due.at);
      due.run();
    }
    this.passed = until;
    await flushPromises();
  }
}

/** Lets everything run that waits for nothing but its turn. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
