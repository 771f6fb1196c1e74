/**
 * The members of a comma-separated field value (RFC 9110 section 5.6.1), trimmed, empty ones left out. A comma inside
 * of a quoted string separates nothing. A quote that is never closed is no quote: what stands behind it still counts.
 * @param separators further characters that end a member, for fields that are often written wrongly
 */
export function splitList(value: string, separators = ''): string[] {
  const members: string[] = [];
  let from = 0;
  const end = (at: number): void => {
    const member = value.slice(from, at).trim();
    if (member) members.push(member);
    from = at + 1;
  };
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === '"') i = closingQuote(value, i) ?? i;
    else if (char === ',' || separators.includes(char)) end(i);
  }
  end(value.length);
  return members;
}

/** Where the quoted string that begins at an index ends (RFC 9110 section 5.6.4), or null when it never does. */
function closingQuote(value: string, open: number): number | null {
  for (let i = open + 1; i < value.length; i++) {
    if (value.charAt(i) === '\\') i++;
    else if (value.charAt(i) === '"') return i;
  }
  return null;
}

/** @returns the text of a quoted string without its quotes, or null when the whole value is not one */
export function unquote(value: string): string | null {
  if (!value.startsWith('"') || closingQuote(value, 0) !== value.length - 1) return null;
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}

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

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d{2}:\\d{2}:\\d{2}';
const FIXED = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} ${MONTH} \\d{4} ${CLOCK} GMT$`);
const RFC850 = new RegExp(
  `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d{2}-${MONTH}-\\d{2} ${CLOCK} GMT$`,
);
const ASCTIME = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} [ \\d]\\d ${CLOCK} \\d{4}$`);

/** @returns epoch milliseconds of an HTTP date in any of its three forms (RFC 9110 section 5.6.7); null for anything else */
export function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined) return null;
  let written: string;
  if (FIXED.test(text) || RFC850.test(text)) written = text;
  else if (ASCTIME.test(text)) written = `${text} GMT`;
  else return null;
  const instant = Date.parse(written);
  return Number.isNaN(instant) ? null : instant;
}
