import { z } from 'zod';
import { allowed, duration } from './fields';

/** A number of things that a bound is set on. */
export const count = (least: number, most: number) => {
  const text = `a whole number from ${least} to ${most}`;
  return z.int(allowed(text)).min(least, allowed(text)).max(most, allowed(text));
};

const STATUSES = '"301", "308", "404" and "410"';

/** Lifetimes of statuses that are not stored unless they are named here. */
export const statusTtl = z.strictObject(
  {
    '301': duration(1).optional(),
    '308': duration(1).optional(),
    '404': duration(1).optional(),
    '410': duration(1).optional(),
  },
  allowed(`an object with lifetimes for ${STATUSES}, such as { 404: "10 s" }`),
);

export const trustedCaller = z.strictObject(
  {
    header: z
      .string(allowed('a request header name such as "x-cache-secret"'))
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, allowed('a request header name such as "x-cache-secret"'))
      .transform((name) => name.toLowerCase()),
    secret: z
      .string(allowed('a text of at least 16 characters'))
      .min(16, allowed('a text of at least 16 characters')),
  },
  allowed('an object with header and secret'),
);

export const cookieName = z
  .string(allowed('a cookie name'))
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, allowed('a cookie name'));

interface Windows {
  readonly staleWhileRevalidate?: number | undefined;
  readonly staleIfError?: number | undefined;
}

/** A soft purge makes a response stale, which means nothing where no stale response may be served. */
export function softPurgeProblem(
  rule: Windows & { readonly softPurge?: boolean | undefined },
  all: Windows,
): boolean {
  if (!rule.softPurge) return false;
  const window =
    (rule.staleWhileRevalidate ?? all.staleWhileRevalidate ?? 0) +
    (rule.staleIfError ?? all.staleIfError ?? 0);
  return window === 0;
}
