/** Writes that nobody waits for, bounded in the bytes they hold. */
export class BackgroundWrites {
  private readonly running = new Map<string, Promise<void>>();
  private bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  get pendingBytes(): number {
    return this.bytes;
  }

  /** @returns false when too much is under way: the write is not made */
  start(key: string, bytes: number, write: () => Promise<void>): boolean {
    if (this.bytes > 0 && this.bytes + bytes > this.maxBytes) return false;
    this.bytes += bytes;
    const done = write()
      .catch(this.onError)
      .finally(() => {
        this.bytes -= bytes;
        if (this.running.get(key) === done) this.running.delete(key);
      });
    this.running.set(key, done);
    return true;
  }

  /** Resolves when the write of that key is over. */
  async over(key: string): Promise<void> {
    await this.running.get(key);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
  }
}
