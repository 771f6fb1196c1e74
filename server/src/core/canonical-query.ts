/**
 * Query values as the application's own parser returns them (strings, null, arrays, objects), written so
 * that two texts are equal exactly when the values are equal up to the order of names.
 *
 * Under `sort` and `orderBy` the order of names is kept: `sort[title]=asc&sort[date]=desc` and its reverse
 * are two different questions. Under `populate` it is kept as well: it is the order of the members in the answer.
 */
export function canonicalQuery(query: object, ignore: (name: string) => boolean): string {
  const names = Object.keys(query).filter((name) => !ignore(name));
  if (names.length === 0) return '';
  return write(query as Record<string, unknown>, names.sort(), false);
}

const ORDERED = new Set(['sort', 'orderBy', 'populate']);

function canonical(value: unknown, keepOrder: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, keepOrder)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const names = Object.keys(value);
    return write(value as Record<string, unknown>, keepOrder ? names : names.sort(), keepOrder);
  }
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

function write(object: Record<string, unknown>, names: string[], keepOrder: boolean): string {
  const members = names.map(
    (name) => `${JSON.stringify(name)}:${canonical(object[name], keepOrder || ORDERED.has(name))}`,
  );
  return `{${members.join(',')}}`;
}

/**
 * A test for names against a list of exact names and prefixes: `gclid`, `utm_*`.
 * @returns a function that is true for every name that matches one of the patterns
 */
export function namePattern(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const pattern of patterns) {
    if (pattern.endsWith('*')) prefixes.push(pattern.slice(0, -1));
    else exact.add(pattern);
  }
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}
