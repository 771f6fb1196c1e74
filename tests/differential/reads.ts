import type { AttributeInfo, CallerName, Catalog, ReadRequest, TypeInfo } from './protocol';
import { randomFilters, randomSort } from './read-conditions';
import { randomPopulate } from './read-populate';
import type { Random } from './random';

export type Query = { [name: string]: QueryValue };
export type QueryValue = string | number | boolean | QueryValue[] | Query;

/** What a read generator may draw from. */
export interface Source {
  readonly random: Random;
  readonly catalog: Catalog;
  typeOf(uid: string): TypeInfo | undefined;
}

export function sourceOf(catalog: Catalog, random: Random): Source {
  const types = new Map([...catalog.types, ...catalog.components].map((it) => [it.uid, it]));
  return { random, catalog, typeOf: (uid) => types.get(uid) };
}

export const plainAttributes = (type: TypeInfo): AttributeInfo[] =>
  type.attributes.filter(
    (it) => !['relation', 'media', 'component', 'dynamiczone', 'json'].includes(it.type),
  );

/** Nested parameters in the notation that Strapi's `qs` reads. */
export function queryText(query: Query): string {
  const pairs: string[] = [];
  const walk = (name: string, value: QueryValue): void => {
    if (Array.isArray(value)) value.forEach((item, index) => walk(`${name}[${index}]`, item));
    else if (typeof value === 'object')
      for (const [key, item] of Object.entries(value)) walk(`${name}[${key}]`, item);
    else pairs.push(`${name}=${encodeURIComponent(String(value))}`);
  };
  for (const [name, value] of Object.entries(query)) walk(name, value);
  return pairs.join('&');
}

const SORTED_OUT: readonly (readonly [weight: number, caller: CallerName])[] = [
  [70, 'anonymous'],
  [6, 'readOnly'],
  [6, 'custom'],
  [4, 'fullAccess'],
  [8, 'reader1'],
  [6, 'reader2'],
];

export function randomRead(source: Source, callers: readonly CallerName[]): ReadRequest {
  const { random } = source;
  const caller = random.weighted(SORTED_OUT.filter(([, name]) => callers.includes(name)));
  const method = random.chance(0.05) ? 'HEAD' : 'GET';
  const custom = random.chance(0.15) ? customRoute(source) : null;
  return { method, caller, ...(custom ?? { url: contentRoute(source) }) };
}

function customRoute({ random, catalog }: Source): { url: string; headers?: Record<string, string> } {
  const article = random.pick(catalog.rows['api::article.article'] ?? []);
  const file = random.pick(catalog.rows['plugin::upload.file'] ?? []);
  return random.pick([
    { url: '/api/articles/featured' },
    { url: `/api/articles/by-slug/${article.slug ?? 'none'}` },
    { url: '/api/statistics' },
    { url: '/api/reports/ratings' },
    { url: '/api/members/articles', headers: { 'x-member': random.pick(['yes', 'no']) } },
    { url: '/api/upload/files' },
    { url: `/api/upload/files/${file.id}` },
    { url: '/api/users/me' },
    { url: '/api/users/me?populate=role' },
  ]);
}

function contentRoute(source: Source): string {
  const { random, catalog } = source;
  const type = random.pick(catalog.types.filter((it) => it.path !== null));
  const query: Query = {};
  const fields = plainAttributes(type).map((it) => it.name);
  if (random.chance(0.25)) query.fields = random.sample(fields, random.int(1, 2));
  if (random.chance(0.6)) Object.assign(query, { populate: randomPopulate(source, type, 0) });
  if (type.localized && random.chance(0.4)) query.locale = random.pick(['en', 'fr', 'fr']);
  if (type.draftAndPublish && random.chance(0.15)) query.status = 'draft';
  let path = `/api/${type.path}`;
  const rows = catalog.rows[type.uid] ?? [];
  if (!type.single) {
    if (random.chance(0.3) && rows.length > 0) path += `/${random.pick(rows).documentId}`;
    else Object.assign(query, listParameters(source, type));
  }
  const text = queryText(query);
  return text ? `${path}?${text}` : path;
}

function listParameters(source: Source, type: TypeInfo): Query {
  const { random } = source;
  const query: Query = {};
  if (random.chance(0.5)) query.filters = randomFilters(source, type, 0);
  if (random.chance(0.05)) query._q = random.pick(['tide', 'salt', 'lunch', 'a']);
  if (random.chance(0.4)) query.sort = randomSort(source, type);
  const pages = random.int(0, 5);
  if (pages === 0) query.pagination = { page: random.int(1, 2), pageSize: random.pick([3, 5]) };
  if (pages === 1) query.pagination = { start: random.int(0, 3), limit: 4, withCount: random.chance(0.5) };
  if (pages === 2) query.pagination = { pageSize: 10, withCount: false };
  return query;
}
