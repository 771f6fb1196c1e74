/**
 * Path patterns of rules and policies: `/api/articles`, `/api/articles/:id`, `/api/*\/featured`, `/api/search/**`.
 * `*` and `:name` stand for one segment, `**` for any number. Matching ignores case and a trailing slash, as
 * Strapi's router does.
 */
export function pathPattern(pattern: string): (path: string) => boolean {
  const problem = pathPatternProblem(pattern);
  if (problem) throw new Error(problem);
  const wanted = segments(pattern.toLowerCase()).map((segment) =>
    segment === '**' ? null : segmentTest(segment),
  );
  return (path) => {
    if (!path.startsWith('/')) return false;
    const given = path.toLowerCase().replace(/\/$/, '').split('/').slice(1);
    return !given.includes('') && matches(wanted, given, (test, segment) => test(segment));
  };
}

function segmentTest(segment: string): (text: string) => boolean {
  if (segment === '*' || segment.startsWith(':')) return () => true;
  if (!segment.includes('*')) return (text) => text === segment;
  const wanted = [...segment].map((character) => (character === '*' ? null : character));
  return (text) => matches(wanted, [...text], (character, given) => character === given);
}

/**
 * Whether a list is what a pattern describes, in which null stands for any number of items. Only the last null is ever
 * tried at another place, so that no path takes long, whoever makes it up.
 */
function matches<P, T>(
  pattern: readonly (P | null)[],
  items: readonly T[],
  fits: (part: P, item: T) => boolean,
): boolean {
  let at = 0;
  let open = -1;
  let resume = 0;
  for (let i = 0; i < items.length;) {
    const part = pattern[at];
    if (part === null) {
      open = at++;
      resume = i;
    } else if (part !== undefined && fits(part, items[i] as T)) {
      at++;
      i++;
    } else if (open >= 0) {
      at = open + 1;
      i = ++resume;
    } else return false;
  }
  return pattern.slice(at).every((part) => part === null);
}

/** What is wrong with a pattern, in words for its author, or null. */
export function pathPatternProblem(pattern: string): string | null {
  if (!pattern.startsWith('/')) return 'a path pattern starts with "/"';
  if (/[?#]/.test(pattern)) return 'a path pattern has no "?" or "#": queries are not part of it';
  if (/\s/.test(pattern)) return 'a path pattern has no spaces';
  if (pattern.includes('//')) return 'a path pattern has no empty segment ("//")';
  for (const segment of segments(pattern)) {
    if (segment.includes('**') && segment !== '**') return '"**" stands alone between two slashes';
    if (segment.startsWith(':') && !/^:[A-Za-z_]\w*$/.test(segment))
      return `"${segment}" is not a parameter; write ":id", or "*" for any segment`;
    if (/[()[\]{}+^$|\\]/.test(segment))
      return `"${segment}" holds a regular expression character; only "*", "**" and ":name" are special`;
  }
  return null;
}

const segments = (pattern: string): string[] => pattern.split('/').filter(Boolean);

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
