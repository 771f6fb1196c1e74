import type {
  CallerClass,
  EntryDetails,
  EntryOrder,
  EntryPage,
  EntrySummary,
  PurgeTarget,
} from '../contracts';
import { entryBytes, type Entry } from '../core/entry';
import { typeTag } from '../strapi/tags';
import { filterEntries, IDENTITY, sortEntries, walkEntries, walkLiveEntries } from './entry-walk';
import type { Runtime } from './runtime';

export interface EntryQuery {
  readonly search: string;
  readonly order: EntryOrder;
  readonly page: number;
  readonly pageSize: number;
}

/** Entries of this process for people: what they answer, for whom, how long, how often. Never a body. */
export async function listEntries(runtime: Runtime, query: EntryQuery, now: number): Promise<EntryPage> {
  const all = await walkLiveEntries(runtime.store, now);
  const found = await sorted(await matching(all, query.search), query.order);
  const pageCount = Math.max(1, Math.ceil(found.length / query.pageSize));
  const page = Math.min(query.page, pageCount);
  const entries = found.slice((page - 1) * query.pageSize, page * query.pageSize).map(summaryOf);
  return { now, entries, page, pageSize: query.pageSize, pageCount, found: found.length, total: all.length };
}

export function findEntry(runtime: Runtime, key: string, now: number): EntryDetails | null {
  const entry = runtime.store.here(key, now) ?? runtime.store.stale(key, now);
  if (!entry || entry.label === IDENTITY) return null;
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

/** Those with a text in the URL, or in what they depend on. */
async function matching(entries: Entry[], search: string): Promise<Entry[]> {
  if (search === '') return entries;
  const text = search.toLowerCase();
  return filterEntries(
    entries,
    ({ label, tags }) =>
      label.toLowerCase().includes(text) || tags.some((tag) => tag.toLowerCase().includes(text)),
  );
}

/** By what entries are sorted, least first; null leaves them as the store has them, most recently used first. */
const ORDERS: Readonly<Record<EntryOrder, ((entry: Entry) => number | string) | null>> = {
  used: null,
  age: ({ storedAt }) => storedAt,
  ttl: ({ freshUntil }) => freshUntil,
  bytes: (entry) => -entryBytes(entry),
  hits: ({ hits = 0 }) => -hits,
  cost: ({ cost }) => -cost,
  label: ({ label }) => label,
};

export const ORDER_NAMES = Object.keys(ORDERS) as EntryOrder[];

async function sorted(entries: Entry[], order: EntryOrder): Promise<Entry[]> {
  const valueOf = ORDERS[order];
  if (!valueOf) return entries;
  const values = new Map<Entry, number | string>();
  await walkEntries(entries, (part) => part.forEach((entry) => values.set(entry, valueOf(entry))));
  return sortEntries(entries, (a, b) => {
    const [left = 0, right = 0] = [values.get(a), values.get(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  });
}

interface ContentType {
  readonly uid: string;
  readonly info?: { readonly displayName?: string };
  readonly pluginOptions?: { readonly 'content-manager'?: { readonly visible?: boolean } };
}

/** Content types that people know, with the entries that show something of them. */
export async function listTargets({ strapi, store }: Runtime, now: number): Promise<PurgeTarget[]> {
  const entries = new Map<string, number>();
  await walkEntries(await walkLiveEntries(store, now), (part) => {
    for (const { tags } of part)
      for (const tag of tags) if (tag.startsWith('u|')) entries.set(tag, (entries.get(tag) ?? 0) + 1);
  });
  return (Object.values(strapi.contentTypes) as unknown as ContentType[])
    .filter(
      ({ uid, pluginOptions }) =>
        !uid.startsWith('admin::') && pluginOptions?.['content-manager']?.visible !== false,
    )
    .map(({ uid, info }) => ({
      uid,
      name: info?.displayName ?? uid,
      entries: entries.get(typeTag(uid)) ?? 0,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
