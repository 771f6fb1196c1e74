import type { Breaker } from '../core/breaker';
import { within, type Time } from '../core/time';
import {
  RemoteError,
  timeout,
  type Patience,
  type RemoteDriver,
  type RemoteFailure,
  type Reply,
} from './driver';

export interface GuardOptions {
  readonly time: Time;
  readonly breaker: Breaker;
  /** Milliseconds that a request waits for one command. */
  readonly deadline: number;
}

interface Manner {
  readonly deadline: number;
  /** Tried even while the breaker is open. */
  readonly urgent?: boolean;
  /** Failures after which Redis still counts as up. */
  readonly harmless: ReadonlySet<RemoteFailure>;
}

const HARMLESS: ReadonlySet<RemoteFailure> = new Set(['noscript', 'full']);
/** One value that is refused says nothing about the next command. */
const HARMLESS_WRITE: ReadonlySet<RemoteFailure> = new Set([...HARMLESS, 'command']);

/** Writes and purges run behind the back of requests and carry more bytes. */
export const backgroundDeadline = (deadline: number) => Math.max(4 * deadline, 1000);

/** A driver whose every command has a deadline, and which refuses at once while the circuit breaker is open. */
export class GuardedDriver implements RemoteDriver {
  readonly kind: RemoteDriver['kind'];
  readonly scriptHead: string;
  private readonly lookup: Manner;
  private readonly purge: Manner;
  private readonly put: Manner;

  constructor(
    private readonly inner: RemoteDriver,
    private readonly options: GuardOptions,
  ) {
    this.kind = inner.kind;
    this.scriptHead = inner.scriptHead;
    const background = backgroundDeadline(options.deadline);
    this.lookup = { deadline: options.deadline, harmless: HARMLESS };
    this.purge = { deadline: background, harmless: HARMLESS, urgent: true };
    this.put = { deadline: background, harmless: HARMLESS_WRITE };
  }

  command(args: readonly (string | number)[], patience: Patience): Promise<Reply> {
    return this.guard(
      () => this.inner.command(args, patience),
      patience === 'purge' ? this.purge : this.lookup,
    );
  }

  read(key: string): Promise<Buffer | null> {
    return this.guard(() => this.inner.read(key), this.lookup);
  }

  write(key: string, value: Buffer, ttl: number): Promise<void> {
    return this.guard(() => this.inner.write(key, value, ttl), this.put);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async guard<T>(run: () => Promise<T>, { deadline, urgent, harmless }: Manner): Promise<T> {
    const pass = this.options.breaker.enter(urgent);
    if (!pass) throw new RemoteError('open', 'the store is not asked while it is down');
    try {
      const value = await within(this.options.time, deadline, run(), () => {
        this.inner.stalled?.();
        return Promise.reject(timeout(deadline));
      });
      pass.ok();
      return value;
    } catch (error) {
      if (error instanceof RemoteError && harmless.has(error.failure)) pass.ok();
      else pass.failed(error instanceof Error ? error.message : 'unknown');
      throw error;
    }
  }
}
