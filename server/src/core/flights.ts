/**
 * Single flight: of any number of concurrent callers for one key the first leads and the others wait for it.
 */
export class Flights<T> {
  private readonly running = new Map<string, Promise<T>>();

  get size(): number {
    return this.running.size;
  }

  /** The flight under way for a key, if there is one. */
  of(key: string): Promise<T> | undefined {
    return this.running.get(key);
  }

  /** Leads a flight. The caller has seen that none is under way. */
  lead(key: string, run: () => Promise<T>): Promise<T> {
    const flight = this.landed(key, run());
    this.running.set(key, flight);
    return flight;
  }

  private async landed(key: string, flight: Promise<T>): Promise<T> {
    try {
      return await flight;
    } finally {
      this.running.delete(key);
    }
  }
}
