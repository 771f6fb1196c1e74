import { splitList, unquote } from './field-list';

export type Directives = ReadonlyMap<string, string | null>;

/**
 * `Cache-Control` as a map of lower-case directive names to their argument (null where there is none).
 * Quoted strings are one token; of a directive that comes twice the first counts (RFC 9111 section 4.2.1). A semicolon
 * separates as a comma does: it is a common mistake, and what stands behind it may be `private`.
 */
export function parseCacheControl(header: string | undefined): Directives {
  const directives = new Map<string, string | null>();
  if (!header) return directives;
  for (const member of splitList(header, ';')) {
    const [, name = '', argument] = /^([^=]*?)\s*(?:=\s*(.*))?$/s.exec(member) ?? [];
    const lower = name.replace(/"/g, '').toLowerCase();
    if (lower === '' || directives.has(lower)) continue;
    directives.set(lower, argument === undefined ? null : (unquote(argument) ?? argument));
  }
  return directives;
}

/**
 * A delta-seconds argument (RFC 9111 section 1.2.2).
 * @returns seconds; 0 for a malformed number, since an unreadable lifetime must be taken as stale; undefined when absent
 */
export function deltaSeconds(directives: Directives, name: string): number | undefined {
  if (!directives.has(name)) return undefined;
  const text = directives.get(name);
  return text !== null && text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 2 ** 31) : 0;
}
