import type { Verdict } from './limiter';
import type { Claim, Policy } from './policy';

/** One policy that a request falls under. */
export interface Charge extends Claim {
  readonly policy: Policy;
  verdict: Verdict | null;
  /** Whether the limiter has counted the request. */
  taken: boolean;
  refused: boolean;
}

const NONE: readonly Charge[] = [];

/** What the policies say about one request so far. */
export class Decision {
  /** False: the request must be refused. */
  allowed = true;
  /** Seconds that a refused caller is told to wait, else null. */
  retryAfter: number | null = null;
  /** Names of the policies that refuse. */
  refusedBy: readonly string[] = [];

  constructor(
    readonly charges: readonly Charge[],
    private later: readonly Charge[],
  ) {}

  /** Whether some policies wait to learn if the request is a hit. */
  get deferred(): boolean {
    return this.later.length > 0;
  }

  /** The charges that waited; they wait no longer. */
  beginSettling(): readonly Charge[] {
    const { later } = this;
    this.later = NONE;
    return later;
  }

  /**
   * @param chance from 0 to 1: callers that are told different waits do not come back all at once
   */
  refuse(refusing: readonly Charge[], now: number, chance: number): void {
    this.allowed = false;
    this.later = NONE;
    this.refusedBy = refusing.map(({ policy }) => policy.name);
    const wait = Math.max(1, ...refusing.map(({ verdict }) => ((verdict?.retryAt ?? now) - now) / 1000));
    this.retryAfter = Math.ceil(wait + chance * Math.min(30, wait / 10));
  }
}
