import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { systemTime } from '../stores/system-time';
import { OutwardPurges } from '../strapi/outward-purges';
import type { Schema } from '../strapi/schema';
import { outside } from '../strapi/self-request';
import type { Cause } from '../strapi/writes/purges';
import { emit, EVENTS } from './event-observer';
import { FallenEntries } from './fallen-entries';
import { WarmUp } from './warm-up';
import { Webhooks } from './webhooks';

export interface OutwardParts {
  readonly strapi: Core.Strapi;
  readonly config: ResolvedConfig;
  readonly schema: Schema;
  readonly store: Store;
  /** Fills under way. */
  readonly fills: () => number;
}

/** What follows a purge: webhooks, events, and the refill of what was used most. */
export class Outward {
  readonly warmUp: WarmUp | null;
  private readonly webhooks: Webhooks | null;
  private readonly fallen: FallenEntries | null;

  constructor(private readonly parts: OutwardParts) {
    const { strapi, config, schema, store, fills } = parts;
    const { warmUp, downstream, prefix } = config;
    const log = {
      info: (text: string) => void strapi.log.info(`[upstash-cache] ${text}`),
      warn: (text: string) => void strapi.log.warn(`[upstash-cache] ${text}`),
      error: (text: string) => void strapi.log.error(`[upstash-cache] ${text}`),
    };
    this.warmUp = warmUp.enabled
      ? new WarmUp({ strapi, options: warmUp, prefix, store, time: systemTime, fills })
      : null;
    this.webhooks =
      downstream.webhooks.length > 0
        ? new Webhooks({
            receivers: downstream.webhooks,
            outward: new OutwardPurges(strapi, schema),
            time: systemTime,
            lease: store.kind === 'memory' ? 0 : config.lease,
            log,
          })
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
    const { strapi, config } = this.parts;
    if (this.webhooks) outside(() => this.webhooks?.purged(tags, delivery));
    if (!config.events.purges) return;
    const { source, action, uid, documentId } = cause;
    emit(strapi, EVENTS.purge, {
      source,
      action,
      uid,
      documentId,
      all: tags === null,
      count: tags?.size ?? 0,
    });
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
