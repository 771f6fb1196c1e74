import { subscribe } from 'node:diagnostics_channel';
import type { CallerName, Explanation } from '../protocol';

interface Entry {
  readonly label: string;
  readonly principal: string;
  readonly tags: readonly string[];
}

interface RuntimeSeen {
  readonly store: {
    put(entry: Entry): boolean;
    purge(purge: { tags?: Iterable<string>; all?: boolean }): Promise<void>;
    health?(): { readonly undelivered: number };
  };
  readonly principals: { ofCredential(authorization: string): string };
  readonly purges: { deliver(tags: ReadonlySet<string>, cause: Cause): Promise<void> };
}

interface Cause {
  readonly source: string;
  readonly action: string;
  readonly uid?: string;
}

interface Fall {
  readonly at: number;
  readonly cause: string;
  readonly write: number;
}

/** Keeps what was stored with which tags, and what each write purged. */
export class Observer {
  /** The number of the write that is running. */
  write = 0;
  private time = 0;
  private principalOf: (authorization: string) => string = () => '';
  private readonly callers = new Map<CallerName, string>();
  private readonly stored = new Map<string, { at: number; tags: readonly string[] }>();
  private readonly fallen = new Map<string, Fall>();
  private readonly purges: { write: number; cause: string; tags: readonly string[] }[] = [];

  private readonly underWay = new Set<Promise<void>>();
  private undelivered = (): number => 0;

  constructor() {
    // what it notes takes time of its own, which is not the plugin's
    if (process.env.DIFFERENTIAL_OBSERVER === 'off') return;
    subscribe('upstash-cache.runtime', (runtime) => this.watch(runtime as RuntimeSeen));
  }

  /** Learns under which name the cache keeps the answers of a caller. */
  know(caller: CallerName, authorization: string | null): void {
    this.callers.set(caller, authorization === null ? 'public' : this.principalOf(authorization));
  }

  explain(url: string, caller: CallerName, since: number): Explanation | null {
    const entry = this.stored.get(`${this.callers.get(caller)} ${url.slice(0, 512)}`);
    const tags = entry?.tags ?? [];
    return {
      tags,
      fallen: tags.flatMap((tag) => {
        const fall = this.fallen.get(tag);
        return fall && entry && fall.at > entry.at ? [{ tag, cause: fall.cause, write: fall.write }] : [];
      }),
      purges: this.purges.filter((it) => it.write >= since),
    };
  }

  /** Waits for the purges of writes that no request waited for. @returns how many are undelivered */
  async delivered(patience: number): Promise<number> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, patience));
    await Promise.race([Promise.allSettled(this.underWay), late]);
    return this.undelivered();
  }

  private watch({ store, purges, principals }: RuntimeSeen): void {
    this.principalOf = (authorization) => principals.ofCredential(authorization);
    this.undelivered = () => store.health?.().undelivered ?? 0;
    const put = store.put.bind(store);
    store.put = (entry) => {
      const at = ++this.time;
      const kept = put(entry);
      if (kept) this.stored.set(`${entry.principal} ${entry.label}`, { at, tags: entry.tags });
      return kept;
    };
    const deliver = purges.deliver;
    purges.deliver = (tags, cause) => {
      const text = [cause.source, cause.action, cause.uid].filter(Boolean).join(' ');
      const fall = { at: ++this.time, cause: text, write: this.write };
      for (const tag of tags) this.fallen.set(tag, fall);
      this.purges.push({ write: this.write, cause: text, tags: [...tags] });
      const delivery = deliver(tags, cause);
      this.underWay.add(delivery);
      const over = (): void => void this.underWay.delete(delivery);
      delivery.then(over, over);
      return delivery;
    };
  }
}
