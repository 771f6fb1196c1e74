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
