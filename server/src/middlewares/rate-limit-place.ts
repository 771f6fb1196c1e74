type StackEntry =
  string | { readonly name?: string; readonly resolve?: string } | ((...args: never[]) => unknown);

/** What must run outside of a refusal: it makes a response of the error, logs it and adds the CORS fields. */
const AROUND = new Set(['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors']);

/**
 * Puts the inner middleware of the rate limit into `config/middlewares`: behind the last of those that an answer of
 * 429 needs, and so before anything that parses a body.
 * @returns null without `strapi::errors`, where a thrown refusal would not become an answer
 */
export function placeRefusal<E extends StackEntry>(
  entries: readonly E[],
  name: string,
): (E | string)[] | null {
  const names = entries.map((entry) =>
    typeof entry === 'string' ? entry : typeof entry === 'function' ? '' : (entry.name ?? ''),
  );
  if (!names.includes('strapi::errors')) return null;
  const last = names.findLastIndex((it) => AROUND.has(it));
  return [...entries.slice(0, last + 1), name, ...entries.slice(last + 1)];
}
