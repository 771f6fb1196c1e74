import type { CallerClass, EntryDetails, EntryOrder, EntryPage, EntrySummary } from '../contracts';
import { entryBytes, type Entry } from '../core/entry';
import { liveEntries } from './local-entries';
import type { Runtime } from './runtime';

export interface EntryQuery {
  readonly search: string;
  readonly order: EntryOrder;
  readonly page: number;
  readonly pageSize: number;
}

/** Entries of this process for people: what they answer, for whom, how long, how often. Never a body. */
export function listEntries(runtime: Runtime, query: EntryQuery, now: number): EntryPage {
  const all = liveEntries(runtime.store, now);
  const found = query.search === '' ? all : all.filter(matcher(query.search));
  sortBy(found, query.order);
  const pageCount = Math.max(1, Math.ceil(found.length / query.pageSize));
  const page = Math.min(query.page, pageCount);
  const entries = found.slice((page - 1) * query.pageSize, page * query.pageSize).map(summaryOf);
  return { now, entries, page, pageSize: query.pageSize, pageCount, found: found.length, total: all.length };
}

export function findEntry(runtime: Runtime, key: string, now: number): EntryDetails | null {
  const entry = liveEntries(runtime.store, now).find((it) => it.key === key);
  if (!entry) return null;
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < entry.headers.length; i += 2)
    headers.push([entry.headers[i] ?? '', entry.headers[i + 1] ?? '']);
  return {
    ...summaryOf(entry),
    status: entry.status,
    bodyBytes: entry.body.byteLength,
    route: entry.tags.find((tag) => tag.startsWith(ROUTE))?.slice(ROUTE.length) ?? null,
    headers,
    tags: entry.tags.filter((tag) => !/^[kp]\|/.test(tag)).sort(),
  };
}

const ROUTE = 'p|';

export const summaryOf = (entry: Entry): EntrySummary => ({
  key: entry.key,
  label: entry.label,
  caller: callerClass(entry.principal),
  storedAt: entry.storedAt,
  freshUntil: entry.freshUntil,
  bytes: entryBytes(entry),
  hits: entry.hits ?? 0,
  cost: entry.cost,
  tags: entry.tags.length,
});

function callerClass(principal: string): CallerClass {
  if (principal === 'public') return 'public';
  if (principal === 'app') return 'application';
  return principal.startsWith('role:') ? 'role' : 'credential';
}

/** A text in the URL, or a text in what the entry depends on. */
function matcher(search: string): (entry: Entry) => boolean {
  const text = search.toLowerCase();
  return ({ label, tags }) =>
    label.toLowerCase().includes(text) || tags.some((tag) => tag.toLowerCase().includes(text));
}

function sortBy(entries: Entry[], order: EntryOrder): void {
  if (order === 'bytes') {
    // counted once each, not at every comparison
    const bytes = new Map(entries.map((entry) => [entry, entryBytes(entry)]));
    entries.sort((a, b) => (bytes.get(b) ?? 0) - (bytes.get(a) ?? 0));
    return;
  }
  const compare = ORDERS[order];
  if (compare) entries.sort(compare);
}

const ORDERS: Readonly<Record<Exclude<EntryOrder, 'bytes'>, ((a: Entry, b: Entry) => number) | null>> = {
  used: null, // as the store has them
  age: (a, b) => a.storedAt - b.storedAt,
  ttl: (a, b) => a.freshUntil - b.freshUntil,
  hits: (a, b) => (b.hits ?? 0) - (a.hits ?? 0),
  cost: (a, b) => b.cost - a.cost,
  label: (a, b) => (a.label < b.label ? -1 : 1),
};
