import { LRUCache } from 'lru-cache';
import type { InstanceInfo } from '../contracts';
import type { PolicyStats } from '../core/limits/ledger';
import {
  joinSnapshot,
  newestHour,
  splitSnapshot,
  mergeSnapshots,
  type StatsSnapshot,
} from '../core/stats/snapshot';
import type { SharedStats } from '../stores/shared-stats';
import type { PurgeRecord } from './purge-history';

/** Changes with the shape of what is written: another version of the plugin is not read. */
const VERSION = 1;
const FLUSH_MS = 60_000;
/** How old what others have written may be on screen, beyond the minute between their flushes. */
const FRESH_MS = 15_000;
/** Nobody waits longer for the others, milliseconds. */
const PATIENCE_MS = 2000;
/** What a report carries of the purge history. */
const PURGES = 50;
const PURGE_TAGS = 10;

/** What one instance has counted. */
export interface InstanceReport extends Omit<InstanceInfo, 'here'> {
  readonly snapshot: StatsSnapshot;
  readonly policies: readonly PolicyStats[];
  readonly purges: readonly PurgeRecord[];
}

export interface FleetStatsParts {
  readonly id: string;
  readonly name: string;
  /** Null for a store that no other instance shares. */
  readonly shared: SharedStats | null;
  /** Whether it is worth trying. */
  readonly isUp: () => boolean;
  readonly read: (now: number) => Pick<InstanceReport, 'snapshot' | 'policies' | 'purges'>;
  /** Grows with what is counted. */
  readonly volume: () => number;
  readonly now: () => number;
}

type Running = InstanceReport & { readonly version: number };

/** Tells the other instances once a minute what this one has counted, and gathers what they tell. */
export class FleetStats {
  private timer: NodeJS.Timeout | null = null;
  private flushed = 0;
  private closedHour = 0;
  private registeredAt = -Infinity;
  /** Nobody looks most of the time: then nothing is kept. */
  private readonly others: LRUCache<SharedStats, Promise<InstanceReport[]>>;

  constructor(private readonly parts: FleetStatsParts) {
    const perf = { now: parts.now };
    this.others = new LRUCache({ max: 1, ttl: FRESH_MS, ttlResolution: 0, ttlAutopurge: true, perf });
  }

  start(): void {
    if (!this.parts.shared || this.timer) return;
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what has been counted, if anything was since the last time. Never rejects. */
  async flush(ended = false): Promise<void> {
    const { shared, volume, isUp } = this.parts;
    const reached = volume();
    if (!shared || reached === this.flushed || !isUp()) return;
    try {
      await inTime(this.write(shared, ended));
      this.flushed = reached;
    } catch {
      // the next minute tries again with everything that was counted until then
    }
  }

  /**
   * This instance as it is now, then the others as they were a minute ago at most. Never rejects: the reports are not
   * complete when the others could not be asked.
   */
  async gather(): Promise<{ readonly reports: readonly InstanceReport[]; readonly complete: boolean }> {
    const here = this.report(false);
    if (!this.parts.shared) return { reports: [here], complete: true };
    try {
      return { reports: [here, ...(await inTime(this.fetch(this.parts.shared)))], complete: true };
    } catch {
      return { reports: [here], complete: false };
    }
  }

  /** The last flush of an instance that stops. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.others.clear();
    if (this.flushed > 0 || this.parts.volume() > 0) {
      this.flushed = -1;
      await this.flush(true);
    }
  }

  private report(ended: boolean): InstanceReport {
    const { id, name, now, read } = this.parts;
    const at = now();
    return { id, name, at, ended, ...read(at) };
  }

  private async write(shared: SharedStats, ended: boolean): Promise<void> {
    const { id, now } = this.parts;
    const report = this.report(ended);
    const { running, closed } = splitSnapshot(report.snapshot, report.at);
    const hour = newestHour(closed);
    if (hour > this.closedHour) {
      await shared.save(id, 'closed', closed);
      this.closedHour = hour;
    }
    const purges = report.purges
      .slice(0, PURGES)
      .map((it) => ({ ...it, tags: it.tags.slice(0, PURGE_TAGS) }));
    await shared.save(id, 'running', { ...report, version: VERSION, snapshot: running, purges });
    // its place among the instances is by the hour
    if (now() - this.registeredAt < 60 * FLUSH_MS) return;
    await shared.register(id, now());
    this.registeredAt = now();
  }

  private fetch(shared: SharedStats): Promise<InstanceReport[]> {
    const known = this.others.get(shared);
    if (known) return known;
    const reports = this.load(shared);
    this.others.set(shared, reports);
    reports.catch(() => this.others.delete(shared));
    return reports;
  }

  private async load(shared: SharedStats): Promise<InstanceReport[]> {
    const ids = (await shared.ids(this.parts.now())).filter((id) => id !== this.parts.id);
    const found = await Promise.all(
      ids.map(async (id): Promise<InstanceReport | null> => {
        const [running, closed] = await Promise.all([shared.load(id, 'running'), shared.load(id, 'closed')]);
        if (!isRunning(running)) return null;
        const { version: _version, ...report } = running;
        const past = closed as StatsSnapshot | null;
        return { ...report, snapshot: past ? joinSnapshot(running.snapshot, past) : running.snapshot };
      }),
    );
    return found.filter((it) => it !== null).sort((a, b) => b.at - a.at);
  }
}

const isRunning = (value: unknown): value is Running =>
  typeof value === 'object' && value !== null && (value as Partial<Running>).version === VERSION;

/** @throws Error when there is no answer in time */
function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The numbers of some reports as one. */
export const mergeReports = (reports: readonly InstanceReport[]): StatsSnapshot =>
  mergeSnapshots(reports.map((it) => it.snapshot));
