import type { Core } from '@strapi/strapi';
import type { Entry } from '../core/entry';
import type { ObservedRoute } from '../core/stats/observer';
import { Recorder } from '../core/stats/recorder';

export const EVENTS = {
  hit: 'upstash-cache.hit',
  fill: 'upstash-cache.fill',
  purge: 'upstash-cache.purge',
} as const;

/** Counts, and tells Strapi's event hub what it is asked to tell. */
export class EventRecorder extends Recorder {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly tells: { readonly hits: boolean; readonly fills: boolean },
    ...counting: ConstructorParameters<typeof Recorder>
  ) {
    super(...counting);
  }

  override hit(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    super.hit(route, entry, now, begun);
    this.tellHit(route, entry, now, false);
  }

  override stale(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    super.stale(route, entry, now, begun);
    this.tellHit(route, entry, now, true);
  }

  override stored(route: ObservedRoute, entry: Entry, reads: number): void {
    super.stored(route, entry, reads);
    if (!this.tells.fills) return;
    const { key, label, cost } = entry;
    const bytes = entry.body.byteLength;
    emit(this.strapi, EVENTS.fill, { key, url: label, route: route.template, took: cost, bytes });
  }

  private tellHit(route: ObservedRoute, entry: Entry, now: number, stale: boolean): void {
    if (!this.tells.hits) return;
    const { key, label, storedAt } = entry;
    emit(this.strapi, EVENTS.hit, { key, url: label, route: route.template, age: now - storedAt, stale });
  }
}

/** A listener that throws is its own affair. */
export function emit(strapi: Core.Strapi, name: string, event: object): void {
  strapi.eventHub
    .emit(name, event)
    .catch((error: unknown) =>
      strapi.log.error(`[upstash-cache] a listener of ${name} failed: ${String(error)}`),
    );
}
