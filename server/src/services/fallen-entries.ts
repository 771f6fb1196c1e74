import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { outside } from '../strapi/self-request';
import { walkEntries } from './entry-walk';

/** Purges in so many milliseconds are looked up together. */
const WINDOW_MS = 50;

interface Search {
  readonly entries: readonly Entry[];
  readonly tags: Set<string>;
  all: boolean;
}

/** Finds the entries of this process that purges made invalid, behind the purges. */
export class FallenEntries {
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
