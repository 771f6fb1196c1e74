import { HOUR, MINUTE, Ring, type Bucket } from './ring';

export const MINUTES = 60;
export const HOURS = 168;

/** What a series remembers: minutes of the last hour, hours of the last seven days. */
export interface SeriesSnapshot {
  readonly minutes: readonly Bucket[];
  readonly hours: readonly Bucket[];
}

/** Counters by minute and by hour. */
export class Series {
  private readonly minutes: Ring;
  private readonly hours: Ring;

  constructor(width: number, numbers: new (length: number) => Float64Array | Uint32Array) {
    this.minutes = new Ring(MINUTE, MINUTES, width, numbers);
    this.hours = new Ring(HOUR, HOURS, width, numbers);
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
