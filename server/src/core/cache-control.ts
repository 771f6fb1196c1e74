/**
 * `Cache-Control` as a map of lower-case directive names to their argument (null where there is none).
 * Quoted strings are one token; of a directive that comes twice the first counts (RFC 9111 section 4.2.1).
 */
export function parseCacheControl(header: string | undefined): ReadonlyMap<string, string | null> {
  const directives = new Map<string, string | null>();
  if (!header) return directives;
  const token = /([^\s,;="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/g;
  for (const match of header.matchAll(token)) {
    const name = (match[1] ?? '').toLowerCase();
    const quoted = match[2]?.replace(/\\(.)/g, '$1');
    if (!directives.has(name)) directives.set(name, quoted ?? match[3] ?? null);
  }
  return directives;
}

/**
 * A delta-seconds argument (RFC 9111 section 1.2.2).
 * @returns seconds; 0 for a malformed number, since an unreadable lifetime must be taken as stale; undefined when absent
 */
export function deltaSeconds(
  directives: ReadonlyMap<string, string | null>,
  name: string,
): number | undefined {
  if (!directives.has(name)) return undefined;
  const text = directives.get(name);
  return text !== null && text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : 0;
}
