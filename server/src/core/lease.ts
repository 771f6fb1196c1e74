import type { TagClock } from './tag-clock';
import type { TagLog } from './tag-log';
import type { Time } from './time';

export interface LeaseParts {
  readonly clock: TagClock;
  readonly log: TagLog;
  readonly time: Time;
  /** Milliseconds for which a reading of the log counts; 0 reads it before every answer. */
  readonly length: number;
  /** Runs before every reading of the log; when it rejects, the log is not read. */
  readonly before?: () => Promise<void>;
  readonly onReset?: () => void;
}

interface Sync {
  readonly startedAt: number;
  readonly done: Promise<boolean>;
}

/** Keeps the tag clock as young as the lease demands, with one read of the log for all that wait for it. */
export class Lease {
  private syncedAt = -Infinity;
  private syncedWall = 0;
  private flight: Sync | null = null;
  private lastFailed = true;

  constructor(private readonly parts: LeaseParts) {}

  /** Whether the last attempt to read the log succeeded. */
  get trusted(): boolean {
    return !this.lastFailed;
  }

  /** Whether every purge acknowledged before now minus `length` milliseconds is known. */
  holds(length: number = this.parts.length): boolean {
    if (length === 0) return false;
    const { time } = this.parts;
    // A suspended machine may stop either of its clocks: both must agree.
    return this.syncedAt >= time.monotonic() - length && Math.abs(time.now() - this.syncedWall) <= length;
  }

  /** Milliseconds since the log was read; null when it never was. */
  get age(): number | null {
    return this.syncedAt === -Infinity ? null : Math.max(0, this.parts.time.monotonic() - this.syncedAt);
  }

  get length(): number {
    return this.parts.length;
  }

  /** Resolves to what `holds` says once the log was read if need be. Never rejects. */
  async ensure(length: number = this.parts.length): Promise<boolean> {
    const need = this.parts.time.monotonic() - length;
    while (!this.holds(length)) {
      // A read that set out before `need` may have run before a purge that this caller must know: share the next one.
      const flight = this.flight ?? this.sync();
      const ok = await flight.done;
      if (flight.startedAt >= need) return ok;
    }
    return true;
  }

  /** Demands a read of the log before the next answer. */
  expire(): void {
    this.syncedAt = -Infinity;
  }

  private sync(): Sync {
    const startedAt = this.parts.time.monotonic();
    const wall = this.parts.time.now();
    const done = this.read().then(
      () => {
        // Counted from when the read was sent: purges acknowledged while it was under way may be missing in it.
        this.syncedAt = startedAt;
        this.syncedWall = wall;
        return true;
      },
      () => false,
    );
    const flight = { startedAt, done };
    this.flight = flight;
    void done.then((ok) => {
      this.lastFailed = !ok;
      if (this.flight === flight) this.flight = null;
    });
    return flight;
  }

  private async read(): Promise<void> {
    const { clock, log, before } = this.parts;
    if (before) await before();
    const { seen, witness } = clock;
    if (clock.apply(await log.range(seen), seen, witness, false)) return;
    // Lost, rewound, forked, or a lagging replica: the primary decides.
    const { reseeded, history } = await log.resync(seen, witness);
    if (!clock.apply(history, seen, witness, true)) throw new Error('the tag log has no marker');
    if (reseeded && seen > 0) this.parts.onReset?.();
  }
}
