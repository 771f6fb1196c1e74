/** `Date.now` of this process: real time, and what a test adds to it. Timers are not touched. */
export class TestDate {
  private readonly real = Date.now;
  private added = 0;

  constructor() {
    Date.now = () => this.real.call(Date) + this.added;
  }

  /** Lets that many milliseconds pass at once. */
  advance(milliseconds: number): void {
    this.added += milliseconds;
  }

  restore(): void {
    Date.now = this.real;
  }
}
