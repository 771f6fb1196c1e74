import type { Patience, RemoteDriver, Reply } from './driver';

/**
 * Upstash bills a script as one command plus every command inside: a purge and a decision of a sliding window or a
 * token bucket are four.
 */
export const SCRIPT_COMMANDS = 4;

/**
 * @param billed how many commands it is on the bill
 * @param ms milliseconds until its answer; null when none came
 */
export type OnCommand = (billed: number, ms: number | null) => void;

/** A driver that tells what is asked of it and how long the answers take. */
export class MeteredDriver implements RemoteDriver {
  readonly kind: RemoteDriver['kind'];
  readonly scriptHead: string;

  constructor(
    private readonly inner: RemoteDriver,
    private readonly clock: () => number,
    private readonly onCommand: OnCommand,
  ) {
    this.kind = inner.kind;
    this.scriptHead = inner.scriptHead;
  }

  command(args: readonly (string | number)[], patience: Patience): Promise<Reply> {
    const billed = String(args[0]).startsWith('EVAL') ? SCRIPT_COMMANDS : 1;
    return this.meter(billed, () => this.inner.command(args, patience));
  }

  read(key: string): Promise<Buffer | null> {
    return this.meter(1, () => this.inner.read(key));
  }

  write(key: string, value: Buffer, ttl: number): Promise<void> {
    return this.meter(1, () => this.inner.write(key, value, ttl));
  }

  stalled(): void {
    this.inner.stalled?.();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async meter<T>(billed: number, run: () => Promise<T>): Promise<T> {
    const begun = this.clock();
    try {
      const value = await run();
      this.onCommand(billed, this.clock() - begun);
      return value;
    } catch (error) {
      // a script that the server does not know, or a refusal, is one command
      this.onCommand(1, null);
      throw error;
    }
  }
}
