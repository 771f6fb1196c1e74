import type { Time } from './time';

export interface InheritanceParts {
  /** Takes the undelivered purges of all processes over from the journal. Rejects when it cannot be read. */
  readonly takeOver: () => Promise<void>;
  /** Whether the log would not be asked now anyway. */
  readonly isDown: () => boolean;
  readonly time: Time;
  /** Milliseconds for which a reading of the journal counts; 0 reads it before every reading of the log. */
  readonly every: number;
}

/**
 * What was answered without being delivered stands in the journal. It is read before the log and never after it: a
 * purge that leaves the journal between the two readings stands in the log by then.
 */
export class Inheritance {
  private readAt = -Infinity;

  constructor(private readonly parts: InheritanceParts) {}

  /** Rejects when the journal cannot be read, or need not be because the log cannot either. */
  async before(): Promise<void> {
    const { takeOver, isDown, time, every } = this.parts;
    if (isDown()) throw new Error('the log is not asked while it is down');
    const at = time.monotonic();
    if (at - this.readAt < every) return;
    await takeOver();
    this.readAt = at;
  }

  /** The store went down: what was read before is not the whole of it. */
  distrust(): void {
    this.readAt = -Infinity;
  }
}
