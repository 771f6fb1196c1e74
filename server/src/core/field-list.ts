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
