import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { CachePlan } from '../../strapi/plan';

/** Heads that are kept, of up to 2 KB each. */
const MOST_HEADS = 2000;

/** What Node has made of a head, and the plan for it. */
export interface KnownRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly plan: CachePlan;
}

/** Requests that were answered from the cache, by their bytes: what the same bytes ask for does not have to be read anew. */
export class KnownHeads {
  private readonly known = new LRUCache<string, KnownRequest>({ max: MOST_HEADS });

  get(head: string): KnownRequest | undefined {
    return this.known.get(head);
  }

  /** @returns whether it was known before */
  learn(head: string, { url = '', headers }: IncomingMessage, plan: CachePlan): boolean {
    if (this.known.get(head) !== undefined) return true;
    this.known.set(head, { url, headers: { ...headers }, plan });
    return false;
  }
}
