import type { ReadRequest } from './protocol';
import type { Step } from './replay';

/** An answer of the cached side that was not the right one. */
export interface Fault {
  readonly kind: 'stale' | 'mixed' | 'wrong';
  readonly read: ReadRequest;
  readonly operation: number;
  readonly text: string;
  /** What had been done until then; nothing of a history whose steps ran beside each other. */
  readonly steps: readonly Step[];
}

/** Counts of one history. */
export class Report {
  reads = 0;
  writes = 0;
  failedWrites = 0;
  skippedWrites = 0;
  hits = 0;
  bypasses = 0;
  /** Reads whose right answer had not changed since it was last served to that caller, and how many of them hit. */
  unchanged = 0;
  unchangedHits = 0;
  readonly faults: Fault[] = [];
  /** Answers that the uncached Strapi gives as well, as soon as the rows lie in another order on the disk. */
  indefinite = 0;
  readonly unstored = new Map<string, number>();
  readonly needless = new Map<string, { share: number; samples: string[] }>();
  readonly writeErrors = new Map<string, number>();
  readonly kinds = new Map<string, number>();

  get stale(): number {
    return this.faults.filter((it) => it.kind !== 'mixed').length;
  }

  get mixed(): number {
    return this.faults.filter((it) => it.kind === 'mixed').length;
  }

  get efficiency(): number {
    return this.unchanged === 0 ? 1 : this.unchangedHits / this.unchanged;
  }

  count(map: Map<string, number>, name: string): void {
    map.set(name, (map.get(name) ?? 0) + 1);
  }

  /** A miss without need, shared among the tags that fell. */
  noteNeedless(tags: readonly { tag: string; cause: string }[], url: string): void {
    const share = 1 / Math.max(1, tags.length);
    for (const { tag, cause } of tags.length > 0 ? tags : [{ tag: '?', cause: 'nothing fell' }]) {
      const [kind = '?', table = ''] = tag.split('|');
      const name = kind === 'u' || kind === 't' ? `${kind} ${table} <- ${cause}` : `${kind} ${table}`;
      const known = this.needless.get(name) ?? { share: 0, samples: [] };
      known.share += share;
      if (known.samples.length < 3) known.samples.push(`${tag} <- ${cause} | ${url.slice(0, 160)}`);
      this.needless.set(name, known);
    }
  }

  line(): string {
    const percent = (this.efficiency * 100).toFixed(1);
    return (
      `${this.reads} reads, ${this.writes} writes (${this.failedWrites} refused, ${this.skippedWrites} skipped), ` +
      `${this.hits} hits, ${this.bypasses} bypassed, stale ${this.stale}, mixed ${this.mixed}, ` +
      `${this.indefinite > 0 ? `indefinite ${this.indefinite}, ` : ''}` +
      `efficiency ${percent} % of ${this.unchanged}`
    );
  }

  details(): string {
    const lines = ['misses without need, by the tags that fell:'];
    const total = this.unchanged - this.unchangedHits;
    for (const [name, { share, samples }] of [...this.needless]
      .sort((a, b) => b[1].share - a[1].share)
      .slice(0, 14)) {
      lines.push(`  ${share.toFixed(1).padStart(6)} of ${total}  ${name}`);
      for (const sample of samples.slice(0, 2)) lines.push(`            ${sample}`);
    }
    lines.push('answers that were not stored:');
    for (const [why, count] of [...this.unstored].sort((a, b) => b[1] - a[1]).slice(0, 12))
      lines.push(`  ${String(count).padStart(6)}  ${why}`);
    lines.push('writes that were refused:');
    for (const [why, count] of [...this.writeErrors].sort((a, b) => b[1] - a[1]).slice(0, 14))
      lines.push(`  ${String(count).padStart(6)}  ${why}`);
    return lines.join('\n');
  }
}
