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
