import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { OutwardPurges } from '../strapi/outward-purges';
import type { Schema } from '../strapi/schema';
import { outside } from '../strapi/self-request';
import type { Cause } from '../strapi/writes/purges';
import { walkEntries } from './entry-walk';
import { emit, EVENTS } from './event-observer';
import { WarmUp } from './warm-up';
import { Webhooks } from './webhooks';

/** What follows a purge: webhooks, events, and the refill of what was used most. */
export class Outward {
  readonly warmUp: WarmUp | null;
  private readonly webhooks: Webhooks | null;
  private readonly fallen: FallenEntries | null;

  /** @param fills those under way */
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly config: ResolvedConfig,
    schema: Schema,
    store: Store,
    fills: () => number,
  ) {
    const { warmUp, downstream, prefix } = config;
    const { webhooks } = downstream;
    const lease = store.kind === 'memory' ? 0 : config.lease;
    this.warmUp = warmUp.enabled ? new WarmUp(strapi, warmUp, prefix, store, fills) : null;
    this.webhooks =
      webhooks.length > 0
        ? new Webhooks(strapi.log, webhooks, new OutwardPurges(strapi, schema), lease)
        : null;
    this.fallen =
      this.warmUp || this.webhooks?.wantsPaths
        ? new FallenEntries(store, (entries) => this.fell(entries))
        : null;
  }

  /**
   * Call right before the store is purged.
   * @param tags null for everything
   */
  purging(tags: ReadonlySet<string> | null): void {
    this.fallen?.purging(tags);
  }

  /** @param delivery resolves when other instances will learn of it */
  purged(tags: ReadonlySet<string> | null, cause: Cause, delivery: Promise<void>): void {
    if (this.webhooks) outside(() => this.webhooks?.purged(tags, delivery));
    if (!this.config.events.purges) return;
    const { source, action, uid, documentId } = cause;
    const scope = { all: tags === null, count: tags?.size ?? 0 };
    emit(this.strapi, EVENTS.purge, { source, action, uid, documentId, ...scope });
  }

  async stop(): Promise<void> {
    this.fallen?.stop();
    await Promise.all([this.warmUp?.stop(), this.webhooks?.drain()]);
  }

  private fell(entries: readonly Entry[]): void {
    this.webhooks?.fell(entries);
    this.warmUp?.fell(entries);
  }
}

/** Purges in so many milliseconds are looked up together. */
const WINDOW_MS = 50;

interface Search {
  readonly entries: readonly Entry[];
  readonly tags: Set<string>;
  all: boolean;
}

/** Finds the entries of this process that purges made invalid, behind the purges. */
class FallenEntries {
  private search: Search | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    private readonly found: (entries: readonly Entry[]) => void,
  ) {}

  /**
   * Call before the purge: a purge of everything leaves nothing to look at.
   * @param tags null for everything
   */
  purging(tags: ReadonlySet<string> | null): void {
    this.search ??= { entries: [...this.store.entries()], tags: new Set(), all: false };
    if (tags === null) this.search.all = true;
    else for (const tag of tags) this.search.tags.add(tag);
    this.timer ??= outside(() => setTimeout(() => void this.run(), WINDOW_MS)).unref();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.search = null;
  }

  private async run(): Promise<void> {
    const { search } = this;
    this.search = null;
    this.timer = null;
    if (!search) return;
    const { entries, tags, all } = search;
    await walkEntries(entries, (part) => {
      const fallen = part.filter((entry) => all || entry.tags.some((tag) => tags.has(tag)));
      if (fallen.length > 0) this.found(fallen);
    });
  }
}
