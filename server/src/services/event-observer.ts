import type { Core } from '@strapi/strapi';
import type { Entry } from '../core/entry';
import type { ObservedRoute, Observer } from '../core/stats/observer';
import type { MissReason } from '../core/store';

export const EVENTS = {
  hit: 'upstash-cache.hit',
  fill: 'upstash-cache.fill',
  purge: 'upstash-cache.purge',
} as const;

/** Tells Strapi's event hub what it is asked to tell, and passes everything on. */
export class EventObserver implements Observer {
  constructor(
    private readonly strapi: Core.Strapi,
    private readonly next: Observer,
    private readonly tells: { readonly hits: boolean; readonly fills: boolean },
  ) {}

  begin(): number {
    return this.next.begin();
  }

  hit(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    this.next.hit(route, entry, now, begun);
    this.served(route, entry, now, false);
  }

  stale(route: ObservedRoute, entry: Entry, now: number, begun: number): void {
    this.next.stale(route, entry, now, begun);
    this.served(route, entry, now, true);
  }

  miss(route: ObservedRoute, key: string, why: MissReason, now: number): void {
    this.next.miss(route, key, why, now);
  }

  coalesced(route: ObservedRoute, now: number): void {
    this.next.coalesced(route, now);
  }

  filled(route: ObservedRoute, now: number, begun: number): void {
    this.next.filled(route, now, begun);
  }

  stored(route: ObservedRoute, entry: Entry, reads: number): void {
    this.next.stored(route, entry, reads);
    if (!this.tells.fills) return;
    const { key, label, cost } = entry;
    const bytes = entry.body.byteLength;
    emit(this.strapi, EVENTS.fill, { key, url: label, route: route.template, took: cost, bytes });
  }

  refreshed(route: ObservedRoute, now: number): void {
    this.next.refreshed(route, now);
  }

  refused(route: ObservedRoute, reason: string, now: number): void {
    this.next.refused(route, reason, now);
  }

  bypass(route: ObservedRoute | null, reason: string, now: number): void {
    this.next.bypass(route, reason, now);
  }

  private served(route: ObservedRoute, entry: Entry, now: number, stale: boolean): void {
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
