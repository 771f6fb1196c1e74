import type { Entry } from '../core/entry';
import type { Store } from '../core/store';

const IDENTITY = 'identity';

/** Entries that this process would answer with, stale ones too, most recently used first; those that remember a role left out. */
export function liveEntries(store: Store, now: number): Entry[] {
  const live: Entry[] = [];
  for (const entry of store.entries())
    if (entry.label !== IDENTITY && isLive(store, entry, now)) live.push(entry);
  return live;
}

const isLive = (store: Store, entry: Entry, now: number): boolean =>
  (entry.freshUntil > now && store.isValid(entry)) || store.stale(entry.key, now) === entry;

/** The path of the request that an entry answers; null for a value of the application's own. */
export function pathOf(entry: Entry): string | null {
  if (!entry.label.startsWith('/')) return null;
  const end = entry.label.indexOf('?');
  return end < 0 ? entry.label : entry.label.slice(0, end);
}
