import { createHash } from 'node:crypto';

export interface KeyParts {
  readonly path: string;
  /** From `canonicalQuery`. */
  readonly query: string;
  readonly principal: string;
  /** Values of the request headers that the response may depend on, in a fixed order of names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Anything else that the answer depends on, such as what a policy left in the request state. */
  readonly context: string;
}

/** The identity of an entry. Parts are framed by their lengths, so no two sets of parts share a text. */
export function entryKey(parts: KeyParts): string {
  const fields = [parts.path, parts.query, parts.principal, parts.context, ...parts.headers.flat()];
  const hash = createHash('sha256');
  for (const field of fields) hash.update(`${field.length}:${field};`);
  return hash.digest('base64url');
}
