import { digest } from './digest';

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
  const { path, query, principal, context } = parts;
  let text = framed(path) + framed(query) + framed(principal) + framed(context);
  for (const [name, value] of parts.headers) text += framed(name) + framed(value);
  return digest(text);
}

const framed = (field: string): string => `${field.length}:${field};`;
