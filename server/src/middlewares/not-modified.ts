import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Entry } from '../core/entry';
import { notModified, type Validators } from '../core/preconditions';
import { headerText } from './capture';

/** Fields that a 304 repeats (RFC 9110 section 15.4.5), and those that say how the response may be cached or purged. */
const REPEATED = new Set([
  'cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'vary',
  'cdn-cache-control',
  'cache-groups',
  'cache-tag',
  'surrogate-key',
  'edge-cache-tag',
]);

/** Fields of a representation that a 304 does not send. */
const OF_BODY = ['content-encoding', 'content-language', 'content-range'];

export const isConditional = ({ headers }: IncomingMessage): boolean =>
  headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;

/** Turns a complete 200 in the Koa response into a 304 where the caller has it already. */
export function omitWhatIsKnown(ctx: Context): void {
  if (ctx.status !== 200 || ctx.headerSent || ctx.respond === false || !isConditional(ctx.req)) return;
  const etag = headerText(ctx, 'etag');
  if (!matches(ctx.req.headers, { etag, lastModified: headerText(ctx, 'last-modified') })) return;
  ctx.status = 304;
  ctx.body = null;
  for (const name of OF_BODY) ctx.remove(name);
  if (etag !== undefined) ctx.remove('last-modified');
}

/** Stored fields for a 304, as a flat list. */
export function repeatedFields(entry: Entry): string[] {
  const fields: string[] = [];
  const etag = storedField(entry, 'etag');
  for (let i = 0; i + 1 < entry.headers.length; i += 2) {
    const name = entry.headers[i] ?? '';
    const lower = name.toLowerCase();
    if (REPEATED.has(lower) || (lower === 'last-modified' && etag === undefined))
      fields.push(name, entry.headers[i + 1] ?? '');
  }
  return fields;
}

/** Whether the representation that a caller has is the current one. */
export function matches(headers: IncomingHttpHeaders, has: Validators): boolean {
  const asked = { ifNoneMatch: headers['if-none-match'], ifModifiedSince: headers['if-modified-since'] };
  return notModified(asked, has);
}

export const validatorsOf = (entry: Entry): Validators => ({
  etag: storedField(entry, 'etag'),
  lastModified: storedField(entry, 'last-modified'),
});

/** @param name in lower case */
export function storedField({ headers }: Entry, name: string): string | undefined {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}
