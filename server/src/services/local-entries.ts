import type { Entry } from '../core/entry';
import type { Store } from '../core/store';
import { walkEntries } from './entry-walk';

/** The label of entries that remember the role of a credential. */
export const IDENTITY = 'identity';

/** Entries that this process would answer with, stale ones too, most recently used first; those that remember a role left out. */
export function liveEntries(store: Store, now: number): Entry[] {
  const live: Entry[] = [];
  for (const entry of store.entries())
    if (entry.label !== IDENTITY && isLive(store, entry, now)) live.push(entry);
  return live;
}

/** The same part by part, for those who can wait: requests are answered in between. */
export async function walkLiveEntries(store: Store, now: number): Promise<Entry[]> {
  const live: Entry[] = [];
  await walkEntries([...store.entries()], (part) => {
    for (const entry of part) if (entry.label !== IDENTITY && isLive(store, entry, now)) live.push(entry);
  });
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
