export const MINUTE = 60_000;
export const HOUR = 3_600_000;

type Numbers = Float64Array | Uint32Array;
type NumbersClass = new (length: number) => Numbers;

/** What was counted in a span of time that began at `at` (epoch milliseconds). */
export interface Bucket {
  readonly at: number;
  readonly counts: readonly number[];
}

/**
 * Counters for the last so many spans of time, in constant memory: a slot is emptied when its place is needed for a
 * later span, so that nothing has to run in between.
 */
export class Ring {
  private readonly data: Numbers;
  /** The number of the span that a slot holds; 0 for none. */
  private readonly holds: Float64Array;
  private from = 0;
  private until = 0;
  private start = 0;

  /**
   * @param span milliseconds of one slot
   * @param width counters in a slot
   * @param numbers `Uint32Array` where a counter stays below 2^32 within a span
   */
  constructor(
    private readonly span: number,
    private readonly slots: number,
    private readonly width: number,
    numbers: NumbersClass,
  ) {
    this.data = new numbers(slots * width);
    this.holds = new Float64Array(slots);
  }

  get bytes(): number {
    return this.data.byteLength + this.holds.byteLength;
  }

  /** Adds to a counter of the span that an instant (epoch milliseconds) lies in. */
  add(field: number, amount: number, now: number): void {
    const at = this.open(now) + field;
    this.data[at] = (this.data[at] ?? 0) + amount;
  }

  /** Slots in which something was counted and that are not too old, oldest first. */
  read(now: number): Bucket[] {
    const newest = Math.floor(now / this.span);
    const buckets: Bucket[] = [];
    this.holds.forEach((number, slot) => {
      if (number === 0 || number > newest || number <= newest - this.slots) return;
      const counts = Array.from(this.data.subarray(slot * this.width, (slot + 1) * this.width));
      buckets.push({ at: number * this.span, counts });
    });
    return buckets.sort((a, b) => a.at - b.at);
  }

  /** The place of the slot that an instant lies in. Most calls are for the span of the call before. */
  private open(now: number): number {
    if (now >= this.from && now < this.until) return this.start;
    const number = Math.floor(now / this.span);
    const slot = number % this.slots;
    const start = slot * this.width;
    if (this.holds[slot] !== number) {
      this.holds[slot] = number;
      this.data.fill(0, start, start + this.width);
    }
    this.from = number * this.span;
    this.until = this.from + this.span;
    this.start = start;
    return start;
  }
}

/** What a series remembers: minutes of the last hour, hours of the last seven days or fewer. */
export interface SeriesSnapshot {
  readonly minutes: readonly Bucket[];
  readonly hours: readonly Bucket[];
}

/** Counters by minute and by hour. */
export class Series {
  private readonly minutes: Ring;
  private readonly hours: Ring;

  constructor(width: number, numbers: NumbersClass, hours = 168) {
    this.minutes = new Ring(MINUTE, 60, width, numbers);
    this.hours = new Ring(HOUR, hours, width, numbers);
  }

  get bytes(): number {
    return this.minutes.bytes + this.hours.bytes;
  }

  add(field: number, amount: number, now: number): void {
    this.minutes.add(field, amount, now);
    this.hours.add(field, amount, now);
  }

  read(now: number): SeriesSnapshot {
    return { minutes: this.minutes.read(now), hours: this.hours.read(now) };
  }
}
