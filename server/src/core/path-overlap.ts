/**
 * Whether some path matches both a path pattern (`path-pattern.ts`) and the template of a route
 * (`/api/articles/:id`). Says yes where it cannot tell.
 */
export function pathsOverlap(pattern: string, template: string): boolean {
  return overlap(segments(pattern), segments(template));
}

function overlap(pattern: readonly string[], template: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return template.length === 0 || template.every(isOpen);
  if (first === '**') return template.some((_, i) => overlap(rest, template.slice(i))) || overlap(rest, []);
  const [head, ...tail] = template;
  if (head === undefined) return false;
  if (isOpen(head)) return true;
  return segmentsMeet(first, head) && overlap(rest, tail);
}

/** A parameter with an expression of its own, or a wildcard, may stand for any number of segments. */
const isOpen = (segment: string): boolean => /[(*]/.test(segment);

function segmentsMeet(pattern: string, segment: string): boolean {
  if (pattern.startsWith(':') || segment.includes(':')) return true;
  const source = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(segment);
}

const segments = (path: string): string[] => path.toLowerCase().split('/').filter(Boolean);
