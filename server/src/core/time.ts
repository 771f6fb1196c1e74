/** Where time and chance come from. Injected, so that tests decide when a deadline passes. */
export interface Time {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean something. */
  monotonic(): number;
  /** A number from 0 up to, not including, 1. */
  random(): number;
  /** Calls back once after that many milliseconds. The result cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** What a promise comes to, or what `late` says when it takes longer than so many milliseconds. */
export function within<T>(
  time: Pick<Time, 'after'>,
  milliseconds: number,
  answer: Promise<T>,
  late: () => T | Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = time.after(milliseconds, () => resolve(late()));
    answer.then(resolve, reject).finally(cancel);
  });
}

/** Growing pauses between attempts, with jitter so that many instances do not come back in one instant. */
export class Backoff {
  private pause = 0;

  /**
   * @param first milliseconds of the first pause
   * @param most milliseconds that no pause exceeds
   * @param random a number from 0 up to 1
   */
  constructor(
    private readonly first: number,
    private readonly most: number,
    private readonly random: () => number,
  ) {}

  /** Milliseconds to wait now: half to all of a pause that doubles at every call. */
  next(): number {
    this.pause = Math.min(this.pause * 2 || this.first, this.most);
    return this.pause * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.pause = 0;
  }
}
