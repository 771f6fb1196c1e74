/** What a history over several instances came to. */
export class FleetReport {
  reads = 0;
  hits = 0;
  writes = 0;
  failedWrites = 0;
  /** Answers that were older than the last write, inside of the lease. */
  withinLease = 0;
  /** The longest time between a write elsewhere and the sending of a request whose answer did not have it yet. */
  oldest = 0;
  outages = 0;
  /** Answers that were compared while an outage lasted. */
  readsInOutages = 0;
  readonly faults: { readonly kind: FleetFault; readonly text: string }[] = [];

  count(kind: FleetFault): number {
    return this.faults.filter((it) => it.kind === kind).length;
  }

  row(): Record<string, string | number> {
    return {
      reads: this.reads,
      writes: this.writes,
      'hits %': Math.round((this.hits / Math.max(1, this.reads)) * 100),
      'stale on writer': this.count('writer'),
      'stale elsewhere': this.count('others'),
      'older than lease': this.count('older'),
      'stale at rest': this.count('rest'),
      'failed requests': this.count('failed'),
      'inside lease': this.withinLease,
      'oldest ms': Math.round(this.oldest),
      outages: this.outages,
      'reads in outages': this.readsInOutages,
    };
  }
}

/**
 * `writer`: an instance did not see its own write. `others`: one did not see a write of another in time. `older`: it
 * answered with what had been replaced before the lease began. `rest`: it did not at the end, when nothing happened
 * any more. `failed`: a request failed that does not fail without a cache.
 */
export type FleetFault = 'writer' | 'others' | 'older' | 'rest' | 'failed';

/** A table for people, columns as wide as they need to be. */
export function table(rows: readonly Record<string, string | number>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const text = lines.map((line) => line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
  return [text[0], widths.map((width) => '-'.repeat(width)).join('  '), ...text.slice(1)].join('\n');
}
