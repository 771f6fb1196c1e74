/**
 * What the routes of the plugin take and answer; both halves are typed by it. Only types: nothing of the server ends
 * up in the admin panel. Every answer stands in `{ data }`. Instants are epoch milliseconds.
 */
import type { MissingPiece } from './compatibility';
import type { LimitedPartition, PolicyStats } from './core/limits/ledger';
import type { Bill } from './core/stats/bill';
import type { StatsSummary } from './core/stats/summary';
import type { StoreHealth, StoreStats } from './core/store';
import type { PurgeRecord } from './services/purge-history';
import type { PurgeRequest, PurgeResult } from './services/purging';

export type { Consequence, MissingPiece } from './compatibility';
export type { LimitedPartition, PolicyStats } from './core/limits/ledger';
export type { Bill } from './core/stats/bill';
export type { Counts } from './core/stats/fields';
export type { Latency } from './core/stats/latency';
export type { Period } from './core/stats/period';
export type { ReasonCounts } from './core/stats/route-stats';
export type { ChartPoint, Gain, Rate, RouteGain, StatsSummary, TypeGain } from './core/stats/summary';
export type { PurgeRecord, PurgeRequest, PurgeResult };

export interface Answer<T> {
  readonly data: T;
}

/** A process that counts. */
export interface InstanceInfo {
  readonly id: string;
  /** Host and process. */
  readonly name: string;
  /** When it told its numbers last. */
  readonly at: number;
  /** It has stopped in order; what it has counted still counts. */
  readonly ended: boolean;
  /** The process that gives this answer. */
  readonly here: boolean;
}

/** `GET /upstash-cache/overview?period=1h&instance=all` */
export interface Overview {
  readonly now: number;
  readonly stats: StatsSummary;
  readonly store: StoreStats;
  /** Null for a store without a shared tier. */
  readonly health: StoreHealth | null;
  /** The one that answers first. Their numbers are a minute old at most. */
  readonly instances: readonly InstanceInfo[];
  /** Whose numbers these are: `all`, or an id. */
  readonly instance: string;
  /** False when the other instances could not be asked. */
  readonly complete: boolean;
  /** Null for a store that is not billed by the command. */
  readonly bill: CommandBill | null;
  /** What this version of Strapi lacks, and what is left without it. */
  readonly missing: readonly MissingPiece[];
}

export interface CommandBill {
  /** So many US dollars for so many commands. */
  readonly dollars: number;
  readonly commands: number;
  /** Null while too little time has passed to say. */
  readonly projected: Bill | null;
}

/** Whom a stored response may be served to. */
export type CallerClass = 'public' | 'credential' | 'role' | 'application';

export interface EntrySummary {
  readonly key: string;
  readonly label: string;
  readonly caller: CallerClass;
  readonly storedAt: number;
  readonly freshUntil: number;
  /** Bytes in memory, body and everything else. */
  readonly bytes: number;
  readonly hits: number;
  /** Milliseconds that the fill took. */
  readonly cost: number;
  readonly tags: number;
}

/** `GET /upstash-cache/entries/:key` */
export interface EntryDetails extends Omit<EntrySummary, 'tags'> {
  readonly status: number;
  readonly bodyBytes: number;
  /** Path of its route as it was defined, or null for a value of the application's own. */
  readonly route: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** What it depends on. */
  readonly tags: readonly string[];
}

export type EntryOrder = 'used' | 'age' | 'ttl' | 'bytes' | 'hits' | 'cost' | 'label';

/** `GET /upstash-cache/entries?search=&order=used&page=1&pageSize=25` */
export interface EntryPage {
  readonly now: number;
  readonly entries: readonly EntrySummary[];
  readonly page: number;
  readonly pageSize: number;
  readonly pageCount: number;
  /** Entries that match the search, and all there are. */
  readonly found: number;
  readonly total: number;
}

/** `POST /upstash-cache/purge/preview`: what a purge would drop from the memory of this process. */
export interface PurgePreview {
  readonly entries: number;
  readonly bytes: number;
  /** Labels of the first of them. */
  readonly sample: readonly string[];
  /** Entries there are altogether. */
  readonly total: number;
}

/** `GET /upstash-cache/documents/:uid/:documentId` */
export interface DocumentEntries {
  readonly now: number;
  readonly entries: readonly EntrySummary[];
  readonly total: number;
}

/** `GET /upstash-cache/targets`: content types that can be purged. */
export interface PurgeTarget {
  readonly uid: string;
  readonly name: string;
  /** Entries in the memory of this process that show something of the type. */
  readonly entries: number;
}

/** `GET /upstash-cache/purges?limit=25` */
export interface Purges {
  readonly now: number;
  /** Newest first. */
  readonly purges: readonly PurgeListed[];
  /** How many there are to be had. */
  readonly total: number;
  readonly complete: boolean;
}

export interface PurgeListed extends PurgeRecord {
  /** Tells purges of all instances apart. */
  readonly id: string;
  /** Name of the instance that sent it; null where there is one only. */
  readonly instance: string | null;
}

/** `GET /upstash-cache/rate-limits` */
export interface RateLimits {
  readonly now: number;
  readonly policies: readonly PolicyListed[];
  readonly complete: boolean;
}

export interface PolicyListed extends PolicyStats {
  readonly top: readonly (LimitedPartition & {
    /** Whether the process that answers knows who it is, and so can let them in again. */
    readonly here: boolean;
  })[];
}

export type SettingUnit = 'ms' | 'bytes' | 'secret' | 'plain';

/** One option in force. A secret is told to be set or not, and nothing else. */
export interface Setting {
  readonly path: string;
  readonly value: string | number | boolean | null;
  readonly unit: SettingUnit;
  /** Whether it differs from what holds without configuration. */
  readonly changed: boolean;
}

/** `GET /upstash-cache/configuration` */
export interface Configuration {
  readonly settings: readonly Setting[];
  readonly facts: {
    readonly store: string;
    readonly placement: 'edge' | 'late' | 'route' | null;
    readonly placementReason: string | null;
    readonly pureRoutes: number;
    readonly impureRoutes: number;
    /** Bytes that statistics take. */
    readonly statsBytes: number;
    readonly since: number;
  };
}
