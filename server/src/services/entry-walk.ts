import type { Entry } from '../core/entry';
import type { Store } from '../core/store';

/** Entries looked at between other work. */
const AT_ONCE = 500;

const others = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks at many entries, part by part, and lets requests in between. */
export async function walkEntries(
  entries: readonly Entry[],
  look: (part: readonly Entry[]) => void,
): Promise<void> {
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    look(entries.slice(i, i + AT_ONCE));
    if (i + AT_ONCE < entries.length) await others();
  }
}

/** Filters many entries in the same way. */
export async function filterEntries(
  entries: readonly Entry[],
  keep: (entry: Entry) => boolean,
): Promise<Entry[]> {
  const kept: Entry[] = [];
  await walkEntries(entries, (part) => void kept.push(...part.filter(keep)));
  return kept;
}

/**
 * Sorts many entries in the same way: parts first, then two and two of them into one. Equal ones keep their order.
 * @returns a new list
 */
export async function sortEntries(
  entries: readonly Entry[],
  compare: (a: Entry, b: Entry) => number,
): Promise<Entry[]> {
  let runs: Entry[][] = [];
  await walkEntries(entries, (part) => void runs.push([...part].sort(compare)));
  while (runs.length > 1) {
    const longer: Entry[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      longer.push(await merged(runs[i] ?? [], runs[i + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merged(
  left: readonly Entry[],
  right: readonly Entry[],
  compare: (a: Entry, b: Entry) => number,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let [i, j] = [0, 0]; i < left.length || j < right.length;) {
    const [a, b] = [left[i], right[j]];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      all.push(a);
      i++;
    } else if (b !== undefined) {
      all.push(b);
      j++;
    }
    if (all.length % (AT_ONCE * 10) === 0) await others();
  }
  return all;
}

/** The label of entries that remember the role of a credential. */
export const IDENTITY = 'identity';

/** Entries that this process would answer with, stale ones too, most recently used first; those that remember a role left out. */
export const liveEntries = (store: Store, now: number): Entry[] =>
  [...store.entries()].filter((entry) => isLive(store, entry, now));

/** The same part by part, for those who can wait: requests are answered in between. */
export const walkLiveEntries = (store: Store, now: number): Promise<Entry[]> =>
  filterEntries([...store.entries()], (entry) => isLive(store, entry, now));

const isLive = (store: Store, entry: Entry, now: number): boolean =>
  entry.label !== IDENTITY &&
  ((entry.freshUntil > now && store.isValid(entry)) || store.stale(entry.key, now) === entry);

/** The path of the request that an entry answers; null for a value of the application's own. */
export function pathOf(entry: Entry): string | null {
  if (!entry.label.startsWith('/')) return null;
  const end = entry.label.indexOf('?');
  return end < 0 ? entry.label : entry.label.slice(0, end);
}
