import { Backoff } from './time';

/** Leave to try once. Exactly one of the two must be called when the attempt is over. */
export interface Pass {
  ok(): void;
  failed(reason: string): void;
}

export interface BreakerOptions {
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly onChange?: (open: boolean, reason: string) => void;
  /** Milliseconds of the first pause after a failure. */
  readonly first?: number;
  /** Milliseconds that no pause exceeds. */
  readonly most?: number;
}

/**
 * Circuit breaker: the first failure opens it for a moment that doubles while failures go on; when the moment
 * is over a single attempt probes (half open) and everybody else is refused until its outcome is known.
 */
export class Breaker {
  private open = false;
  private probing = false;
  private retryAt = 0;
  private round = 0;
  private readonly backoff: Backoff;

  constructor(private readonly options: BreakerOptions) {
    this.backoff = new Backoff(options.first ?? 20, options.most ?? 2000, options.random);
  }

  get isOpen(): boolean {
    return this.open;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (!this.open) return 'closed';
    return this.refuses && !this.probing ? 'open' : 'half-open';
  }

  /** Whether an attempt that is not urgent would not be made now. */
  get refuses(): boolean {
    return this.open && (this.probing || this.options.monotonic() < this.retryAt);
  }

  /**
   * @param urgent an attempt that is made whatever the state, and whose outcome counts all the same
   * @returns null when the attempt must not be made
   */
  enter(urgent = false): Pass | null {
    if (this.open && !urgent) {
      if (this.refuses) return null;
      this.probing = true;
    }
    // Attempts that set out together fail together: they count once, and say nothing about a later round.
    const round = this.round;
    return {
      ok: () => {
        if (round === this.round) this.close();
      },
      failed: (reason) => {
        if (round === this.round) this.trip(reason);
      },
    };
  }

  private trip(reason: string): void {
    this.round++;
    this.probing = false;
    this.retryAt = this.options.monotonic() + this.backoff.next();
    if (this.open) return;
    this.open = true;
    this.options.onChange?.(true, reason);
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    this.probing = false;
    this.round++;
    this.backoff.reset();
    this.options.onChange?.(false, '');
  }
}
