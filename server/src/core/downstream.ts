/** What caches downstream are told about a stored response. Durations are milliseconds. */
export interface DownstreamOptions {
  /** How long browsers, and caches that know no other field, may use a public response without asking. */
  readonly browser?: number | undefined;
  readonly cdn?:
    | {
        readonly ttl: number;
        readonly staleWhileRevalidate?: number | undefined;
        readonly staleIfError?: number | undefined;
      }
    | undefined;
}

export const TAG_HEADERS = ['Cache-Tag', 'Edge-Cache-Tag', 'Surrogate-Key', 'Cache-Groups'] as const;
export type TagHeader = (typeof TAG_HEADERS)[number];

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** A purge cannot reach a browser: by default it asks each time (RFC 9111 sections 5.2.2.2, 5.2.2.9). */
export const browserField = (milliseconds: number): string =>
  `public, max-age=${seconds(milliseconds)}, must-revalidate`;

/** For a response that was made for one caller. */
export const PRIVATE = 'private, no-cache';

/** The value of `CDN-Cache-Control`: a dictionary of structured fields (RFC 9213 section 2.1). */
export function cdnField({ ttl, staleWhileRevalidate, staleIfError }: NonNullable<DownstreamOptions['cdn']>) {
  const members = [`max-age=${seconds(ttl)}`];
  if (staleWhileRevalidate !== undefined)
    members.push(`stale-while-revalidate=${seconds(staleWhileRevalidate)}`);
  if (staleIfError !== undefined) members.push(`stale-if-error=${seconds(staleIfError)}`);
  return members.join(', ');
}

/** Tags in the syntax of a field: Fastly takes spaces, Cloudflare and Akamai commas, RFC 9875 a list of strings. */
export function tagField(name: TagHeader, tags: readonly string[]): string {
  if (name === 'Surrogate-Key') return tags.join(' ');
  if (name === 'Cache-Tag' || name === 'Edge-Cache-Tag') return tags.join(',');
  return tags.map((tag) => `"${tag}"`).join(', ');
}

/**
 * Tags within so many characters. Where they do not fit, the documents of the type that has most give way to the type
 * as a list, which falls with every change of one of them.
 * @returns null when even the types do not fit
 */
export function fitTags(tags: ReadonlySet<string>, most: number): string[] | null {
  let kept = [...tags];
  // the longest syntax has four characters beside each tag
  const length = (): number => kept.reduce((sum, tag) => sum + tag.length + 4, 0);
  while (length() > most) {
    const counts = new Map<string, number>();
    for (const tag of kept) if (isDocument(tag)) counts.set(typeOf(tag), (counts.get(typeOf(tag)) ?? 0) + 1);
    const [largest] = [...counts].sort((a, b) => b[1] - a[1]);
    if (!largest) return null;
    const [type] = largest;
    kept = kept.filter((tag) => !(isDocument(tag) && typeOf(tag) === type));
    kept = [...new Set([...kept, type, `${type}:links`])];
  }
  return kept;
}

const typeOf = (tag: string): string => tag.slice(0, tag.indexOf(':'));

/** A document, or the links of one; `:all` and `:links` are of the type itself. */
const isDocument = (tag: string): boolean => {
  const at = tag.indexOf(':');
  return at > 0 && tag.slice(at) !== ':all' && tag.slice(at) !== ':links';
};
