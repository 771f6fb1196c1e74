import type { Placement } from '../strapi/stack';
import type { Cause } from '../strapi/writes/purges';

/**
 * Whether lines of level `debug` are written: what is not written costs the logger as much as what is, and a write has
 * many of them. A logger that does not say (winston does) is told everything.
 */
export const isDebugged = (log: object): boolean =>
  (log as { isDebugEnabled?(): boolean }).isDebugEnabled?.() ?? true;

/** One line for the debug log: who purged what. Null stands for everything. */
export function purgeLine(tags: ReadonlySet<string> | null, cause: Cause): string {
  const by = [cause.source, cause.action, cause.uid, cause.documentId].filter(Boolean).join(' ');
  return `[upstash-cache] purge by ${by}: ${tags ? `${tags.size} tags ${sample(tags)}` : 'everything'}`;
}

function sample(tags: ReadonlySet<string>): string {
  const shown = [...tags].slice(0, 12).join(' ');
  return tags.size > 12 ? `${shown} ...` : shown;
}

const WHERE = { edge: 'outermost', late: 'late', route: 'inside of every route' } as const;

/**
 * One line at start: what was decided, and why.
 * @param ttl milliseconds
 * @param routes numbers of GET routes
 */
export function startLine(
  store: string,
  ttl: number,
  placement: Placement,
  routes: { readonly pure: number; readonly impure: number },
): string {
  const inside =
    routes.impure > 0 && placement.at !== 'route'
      ? `; ${routes.impure} with policies or middlewares of their own are looked up inside of the route`
      : '';
  return (
    `[upstash-cache] ${store} store, ttl ${ttl / 1000} s, lookup ${WHERE[placement.at]} ` +
    `(${placement.reason}); ${routes.pure} GET routes are pure${inside}`
  );
}
