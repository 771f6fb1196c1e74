import { ROUTE_WIDTH } from './fields';
import { Series, type SeriesSnapshot } from './series';

/** Reasons come from headers and names of the application: whatever they are, so many are told apart. */
const MOST = 32;

export type ReasonCounts = Readonly<Record<string, number>>;

/** Counts how often each reason was given, in bounded memory. */
export class Reasons {
  private readonly counts = new Map<string, number>();

  add(reason: string): void {
    const known = this.counts.get(reason);
    if (known !== undefined) this.counts.set(reason, known + 1);
    else if (this.counts.size < MOST) this.counts.set(reason.slice(0, 80), 1);
    else this.counts.set('other', (this.counts.get('other') ?? 0) + 1);
  }

  read(): ReasonCounts {
    return Object.fromEntries(this.counts);
  }
}

export interface RouteSnapshot extends SeriesSnapshot {
  /** `/api/articles/:id` */
  readonly template: string;
  /** `api::article.article`, or null for a route of no controller. */
  readonly type: string | null;
  /** Since the start: `miss cold`, `bypass rule`, `refused set-cookie`. */
  readonly reasons: ReasonCounts;
  /** Milliseconds and database reads of a fill, on average. */
  readonly fill: { readonly count: number; readonly ms: number; readonly reads: number };
}

/** What has happened on one route. */
export class RouteStats {
  readonly series = new Series(ROUTE_WIDTH, Uint32Array);
  readonly reasons = new Reasons();
  private fills = 0;
  private ms = 0;
  private reads = 0;

  constructor(
    readonly template: string,
    readonly type: string | null,
  ) {}

  /** Whole database reads of a fill, on average: what a hit saves. */
  readsPerFill = 0;

  filled(ms: number, reads: number): void {
    this.fills++;
    this.ms += ms;
    this.reads += reads;
    this.readsPerFill = Math.round(this.reads / this.fills);
  }

  read(now: number): RouteSnapshot {
    const { template, type, fills } = this;
    const fill = { count: fills, ms: fills ? this.ms / fills : 0, reads: fills ? this.reads / fills : 0 };
    return { template, type, reasons: this.reasons.read(), fill, ...this.series.read(now) };
  }
}
