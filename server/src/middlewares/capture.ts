import type { Context } from 'koa';
import type { HeaderField, HeaderValue } from '../core/stored-headers';

/** Every outgoing message has it since Node 15.4; the type declarations know it of requests only. */
interface RawNames {
  getRawHeaderNames(): string[];
}

/** The response fields set so far, with their names as they were written. */
export function responseFields(ctx: Context): HeaderField[] {
  const names = (ctx.res as unknown as RawNames).getRawHeaderNames();
  return names.map((name) => [name, ctx.res.getHeader(name) as HeaderValue] as const);
}

/** @param fields name, value, name, value ... */
export function setFields(ctx: Context, fields: readonly string[]): void {
  for (let i = 0; i + 1 < fields.length; i += 2) ctx.set(fields[i] ?? '', fields[i + 1] ?? '');
}

export function headerText(ctx: Context, name: string): string | undefined {
  const value = ctx.res.getHeader(name);
  return value === undefined ? undefined : String(value);
}

/**
 * Serialises the body as Koa would at the end (koa/lib/application.js, `respond`) and puts the bytes in its place,
 * so that a miss is serialised once.
 * @returns the bytes, or null for a stream or no body
 */
export function takeBody(ctx: Context): Buffer | null {
  const body: unknown = ctx.body;
  if (Buffer.isBuffer(body)) return body;
  if (body === null || body === undefined) return null;
  let bytes: Buffer;
  if (typeof body === 'string') bytes = ownBytes(body);
  else if (typeof body === 'object' && isPlainBody(body)) bytes = ownBytes(JSON.stringify(body));
  else return null;
  ctx.body = bytes;
  return bytes;
}

/** Where a text is written to learn how many bytes it has; a character takes three at most. */
const scratch = Buffer.allocUnsafeSlow(384 * 1024);

/**
 * The bytes in memory of their own: `Buffer.from` would cut small bodies out of a common 8 KB, all of which stays as
 * long as one of them is stored. To copy them is cheaper than to go over the text twice.
 */
function ownBytes(text: string): Buffer {
  if (text.length * 3 > scratch.byteLength) return Buffer.from(text);
  const length = scratch.write(text);
  const bytes = Buffer.allocUnsafeSlow(length);
  scratch.copy(bytes, 0, 0, length);
  return bytes;
}

/** Streams, blobs and fetch responses are bodies that Koa pipes. */
function isPlainBody(body: object): boolean {
  return (
    !('pipe' in body) &&
    !(body instanceof Blob) &&
    !(body instanceof ReadableStream) &&
    !(body instanceof Response)
  );
}
