import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import type { Entry } from '../core/entry';
import { Popularity, Refills } from '../core/refills';
import type { Store } from '../core/store';
import { systemTime } from '../stores/system-time';
import { PUBLIC } from '../strapi/principals';
import { outside, selfRequest } from '../strapi/self-request';
import { StoredUrls } from '../strapi/stored-urls';

/** Purges in so many milliseconds are warmed up together: writes come in series. */
const WINDOW_MS = 500;
const SAVE_MS = 300_000;
const DRAIN_MS = 5_000;
/** Share of its time that the event loop may be busy before the warm-up pauses. */
const MOST_UTILIZATION = 0.6;
/** Fills of visitors under way before it pauses. */
const MOST_FILLS = 3;
/** Labels are cut there (`plan.ts`): a longer one may not be the whole URL. */
const LABEL_LENGTH = 512;

/** Refills what visitors without a credential ask for most, through the application itself. */
export class WarmUp {
  private readonly popularity: Popularity;
  private readonly refills: Refills;
  private readonly stored: StoredUrls;
  private readonly fallen = new Set<string>();
  private cancel: (() => void) | null = null;
  private cancelSave: (() => void) | null = null;
  private utilization: EventLoopUtilization = performance.eventLoopUtilization();

  /** @param fills those under way, for visitors and for the warm-up */
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly options: ResolvedConfig['warmUp'],
    prefix: string,
    private readonly store: Store,
    private readonly fills: () => number,
  ) {
    const { count, concurrency, perSecond } = options;
    this.popularity = new Popularity(count * 10);
    this.stored = new StoredUrls(strapi, prefix);
    this.refills = new Refills({
      request: async (url) => (await selfRequest(strapi, { method: 'GET', url })).status < 500,
      time: systemTime,
      isBusy: () => this.isBusy(),
      concurrency,
      perSecond,
      most: count,
    });
  }

  /** Entries that a purge made invalid. */
  fell(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (!isRefillable(entry)) continue;
      this.popularity.note(entry.label, entry.hits ?? 0);
      if (this.options.afterPurge) this.fallen.add(entry.label);
    }
    if (this.fallen.size === 0) return;
    this.cancel ??= outside(() =>
      systemTime.after(WINDOW_MS, () => {
        this.cancel = null;
        this.refills.add(this.popularity.topOf(this.fallen, this.options.count));
        this.fallen.clear();
      }),
    );
  }

  /** Once the application listens: what was asked for most before it was stopped. */
  start(): void {
    const { strapi, options } = this;
    if (!options.afterStart) return;
    const { httpServer } = strapi.server;
    const begin = (): void => {
      this.stored.read().then(
        (urls) => this.refills.add(urls.slice(0, options.count)),
        (error: unknown) => this.log('could not be read', error),
      );
    };
    if (httpServer.listening) begin();
    else httpServer.once('listening', begin);
    this.saveLater();
  }

  async stop(): Promise<void> {
    this.cancel?.();
    this.cancelSave?.();
    await this.refills.stop(DRAIN_MS);
    if (this.options.afterStart) await this.save();
  }

  private saveLater(): void {
    this.cancelSave = systemTime.after(SAVE_MS, () => {
      void this.save();
      this.saveLater();
    });
  }

  private async save(): Promise<void> {
    const scores = new Map(this.popularity.sorted().map(([url, score]) => [url, score / 2]));
    for (const entry of this.store.entries())
      if (isRefillable(entry)) scores.set(entry.label, (scores.get(entry.label) ?? 0) + (entry.hits ?? 0));
    const used = [...scores].filter(([, score]) => score > 0).sort((a, b) => b[1] - a[1]);
    if (used.length === 0) return; // what an earlier process knew is better than nothing
    const urls = used.slice(0, this.options.count).map(([url]) => url);
    await this.stored.write(urls).catch((error: unknown) => this.log('could not be written', error));
  }

  private isBusy(): boolean {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.utilization);
    this.utilization = now;
    return utilization > MOST_UTILIZATION || this.fills() - this.refills.inFlight > MOST_FILLS;
  }

  private log(what: string, error: unknown): void {
    this.strapi.log.warn(`[upstash-cache] the list of most used URLs ${what}: ${String(error)}`);
  }
}

/** What another request for the URL alone would make again. */
function isRefillable({ principal, label }: Entry): boolean {
  return (
    principal === PUBLIC && label.startsWith('/') && label.length < LABEL_LENGTH && !label.includes('=***')
  );
}
