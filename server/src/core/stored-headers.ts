import { splitList } from './header-values';

/**
 * Response fields that belong to one exchange and are never stored with an entry: hop-by-hop fields
 * (RFC 9110 section 7.6.1), what is computed anew for each answer, and what counts or names one request.
 */
const ONE_EXCHANGE = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'age',
  'date',
  'content-length',
  'server-timing',
  'x-response-time',
  'x-request-id',
  'x-correlation-id',
  'x-cache',
  'ratelimit',
  'ratelimit-policy',
]);

export type HeaderValue = string | number | readonly string[];

/** Name as it was written, and value. */
export type HeaderField = readonly [name: string, value: HeaderValue];

/**
 * The fields of a response to keep with its entry, as a flat list name, value, name, value ...
 * @param outer fields that stood there before the handler ran: they come back by themselves on every answer
 */
export function storedHeaders(fields: readonly HeaderField[], outer: readonly HeaderField[] = []): string[] {
  const lowered = fields.map(([name]) => name.toLowerCase());
  const named = tokens(fields[lowered.indexOf('connection')]?.[1]);
  const before = new Map(outer.map(([name, value]) => [name.toLowerCase(), String(value)]));
  const kept: string[] = [];
  for (const [i, [name, value]] of fields.entries()) {
    const lower = lowered[i] ?? '';
    if (ONE_EXCHANGE.has(lower) || named.includes(lower) || lower.startsWith('x-ratelimit-')) continue;
    if (outer.length > 0 && before.get(lower) === String(value)) continue;
    if (Array.isArray(value)) for (const item of value) kept.push(name, String(item));
    else kept.push(name, String(value));
  }
  return kept;
}

function tokens(value: HeaderValue | undefined): string[] {
  if (value === undefined) return [];
  return splitList(String(value)).map((token) => token.toLowerCase());
}
