import type { Entry } from '../core/entry';
import type { Fills } from '../core/fills';
import { entryKey } from '../core/key';
import type { Store } from '../core/store';
import { currentScope, ReadScope, runInScope } from '../strapi/read-scope';
import { appTag, keyTag } from '../strapi/tags';

export interface GetOrSetOptions {
  /** Milliseconds until the value is computed anew at the latest. */
  readonly ttl: number;
  readonly tags: readonly string[];
}

/** Values that application code computes, kept with the same guarantees as responses. */
export class AppEntries {
  constructor(
    private readonly store: Store,
    private readonly fills: Fills,
    private readonly stamp: string,
  ) {}

  /**
   * The stored value of a key, or what `compute` returns. Everything that `compute` reads through Strapi is noted by
   * itself; `tags` are for what it reads elsewhere. Concurrent callers of a missing key share one computation.
   * @throws what `compute` throws; TypeError for a value that JSON cannot carry
   */
  async getOrSet<T>(name: string, compute: () => Promise<T> | T, options: GetOrSetOptions): Promise<T> {
    const key = entryKey({
      path: `${this.stamp} ${name}`,
      query: '',
      principal: 'app',
      headers: [],
      context: '',
    });
    const found = await this.store.get(key, Date.now());
    if (typeof found !== 'string') return read<T>(found);
    let led: { value: T } | null = null;
    const role = await this.fills.run(key, async (seq) => {
      const scope = new ReadScope();
      const startedAt = Date.now();
      const value = await runInScope(scope, async () => compute());
      led = { value };
      const text = JSON.stringify(value);
      if (text === undefined)
        throw new TypeError(`getOrSet("${name}"): the value is not data that JSON can carry`);
      const at = Date.now();
      const entry: Entry = {
        key,
        label: `app: ${name}`,
        principal: 'app',
        status: 200,
        headers: [],
        body: Buffer.from(text),
        tags: [...new Set([keyTag(key), ...scope.tags(), ...options.tags.map(appTag)])],
        storedAt: at,
        freshUntil: at + options.ttl,
        grace: null,
        cost: at - startedAt,
        seq,
        checked: 0,
      };
      for (const tag of entry.tags) currentScope()?.keep(tag);
      if (scope.refusal !== null) return { shared: null };
      this.store.put(entry);
      return { shared: entry };
    });
    const outer = currentScope();
    if (outer) outer.reads++;
    if (role.role === 'follower') return read<T>(role.entry);
    if (role.role === 'leader' && led) return (led as { value: T }).value;
    return compute();
  }
}

function read<T>(entry: Entry): T {
  const outer = currentScope();
  // a response that is made of this value falls with it
  if (outer) {
    outer.reads++;
    for (const tag of entry.tags) outer.keep(tag);
  }
  return JSON.parse(entry.body.toString()) as T;
}
