import { within, type Time } from './time';

/** How much a key was used lately: what it was used for longer ago counts half with every step. */
export class Popularity {
  private readonly scores = new Map<string, number>();

  /** @param most keys that are remembered */
  constructor(private readonly most: number) {}

  /** The key was used so often since it was noted last. */
  note(key: string, uses: number): void {
    const score = (this.scores.get(key) ?? 0) / 2 + uses;
    this.scores.delete(key);
    if (score > 0) this.scores.set(key, score);
    if (this.scores.size > this.most * 2) this.trim();
  }

  /** Most used first, with their scores. */
  sorted(): [key: string, score: number][] {
    return [...this.scores].sort((a, b) => b[1] - a[1]);
  }

  /** Of some keys the most used, most used first. */
  topOf(keys: Iterable<string>, count: number): string[] {
    const wanted = new Set(keys);
    const known = this.sorted().filter(([key]) => wanted.has(key));
    return known.slice(0, count).map(([key]) => key);
  }

  private trim(): void {
    for (const [key] of this.sorted().slice(this.most)) this.scores.delete(key);
  }
}

export interface RefillsParts {
  /** Requests one URL; rejects or resolves to false when that failed. */
  readonly request: (url: string) => Promise<boolean>;
  readonly time: Time;
  /** Whether visitors need the process. Asked before each request. */
  readonly isBusy: () => boolean;
  readonly concurrency: number;
  readonly perSecond: number;
  /** URLs that may wait. */
  readonly most: number;
}

/** Milliseconds until a busy process is looked at again. */
const PAUSE_MS = 250;
/** Failures in a row after which the rest is left to visitors. */
const MOST_FAILURES = 5;

/** Requests URLs one after the other, as slowly as it is told to, and not while the process is busy. */
export class Refills {
  private readonly waiting = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private cancel: (() => void) | null = null;
  private failures = 0;
  private stopped = false;

  constructor(private readonly parts: RefillsParts) {}

  get inFlight(): number {
    return this.running.size;
  }

  add(urls: Iterable<string>): void {
    for (const url of urls) if (this.waiting.size < this.parts.most) this.waiting.add(url);
    this.next(0);
  }

  /** Resolves when what is under way has ended, or after so many milliseconds. */
  async stop(milliseconds: number): Promise<void> {
    this.stopped = true;
    this.waiting.clear();
    this.cancel?.();
    const ended = Promise.all(this.running).then(() => {});
    await within(this.parts.time, milliseconds, ended, () => {});
  }

  private next(milliseconds: number): void {
    if (this.cancel || this.stopped || this.waiting.size === 0) return;
    this.cancel = this.parts.time.after(milliseconds, () => {
      this.cancel = null;
      this.step();
    });
  }

  private step(): void {
    const { isBusy, concurrency, perSecond } = this.parts;
    if (this.running.size >= concurrency) return; // the one that ends goes on
    if (isBusy()) return this.next(PAUSE_MS);
    const [url] = this.waiting;
    if (url === undefined) return;
    this.waiting.delete(url);
    const job = this.refill(url).finally(() => {
      this.running.delete(job);
      this.next(0);
    });
    this.running.add(job);
    this.next(1000 / perSecond);
  }

  private async refill(url: string): Promise<void> {
    const done = await this.parts.request(url).catch(() => false);
    this.failures = done ? 0 : this.failures + 1;
    if (this.failures < MOST_FAILURES) return;
    this.failures = 0;
    this.waiting.clear();
  }
}
