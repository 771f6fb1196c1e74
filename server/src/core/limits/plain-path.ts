/**
 * A path as policies compare it: escapes of characters that need none are undone (RFC 3986 section 6.2.2.2) and
 * empty segments dropped. `%2F` stays, for a router takes it as a part of its segment, and so does a broken escape.
 */
export function plainPath(path: string): string {
  const decoded = path.includes('%') ? path.replace(UNRESERVED_ESCAPE, decode) : path;
  return decoded.includes('//') ? decoded.replace(/\/{2,}/g, '/') : decoded;
}

/** `-` `.` `0`-`9` `A`-`Z` `_` `a`-`z` `~` */
const UNRESERVED_ESCAPE = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi;

const decode = (escape: string): string => String.fromCharCode(parseInt(escape.slice(1), 16));
