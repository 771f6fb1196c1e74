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
