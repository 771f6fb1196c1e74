import { z } from 'zod';
import { TAG_HEADERS } from '../core/downstream';
import { allowed, count, duration, flag, oneOf, section, size } from './fields';

const cdn = z.strictObject(
  {
    ttl: duration(1),
    staleWhileRevalidate: duration(0).optional(),
    staleIfError: duration(0).optional(),
  },
  allowed('an object with ttl, staleWhileRevalidate and staleIfError, such as { ttl: "5 m" }'),
);

const lifetimes = { browser: duration(0).optional(), cdn: cdn.optional() };

/** What a rule says of the caches downstream. */
export const ruleDownstream = z.union(
  [z.literal(false), z.strictObject(lifetimes)],
  allowed('false, or an object with browser and cdn, such as { browser: 0, cdn: { ttl: "5 m" } }'),
);

const URL_TEXT = 'an address such as "https://www.example.com/api/revalidate"';
const SECRET_TEXT = 'a text of at least 16 characters that the receiver knows too';

const webhook = z.strictObject(
  {
    url: z.string(allowed(URL_TEXT)).superRefine((value, context) => {
      const problem = urlProblem(value);
      if (problem !== null) context.addIssue({ code: 'custom', message: `${URL_TEXT}${problem}` });
    }),
    secret: z.string(allowed(SECRET_TEXT)).min(16, allowed(SECRET_TEXT)),
    paths: flag.default(true),
  },
  allowed('an object with url and secret'),
);

/** An address may hold a secret, so what is wrong with it is told without it. */
function urlProblem(value: string): string | null {
  if (!URL.canParse(value)) return '';
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return '; only http and https can be reached';
  return username || password ? '; without a user name and a password' : null;
}

/** The caches between Strapi and its visitors. */
export const downstreamSchema = section({
  ...lifetimes,
  tagHeaders: z
    .array(
      oneOf(TAG_HEADERS),
      allowed('a list of "Cache-Tag", "Edge-Cache-Tag", "Surrogate-Key" and "Cache-Groups"'),
    )
    .default([]),
  maxTagLength: size(64).prefault('2 KB'),
  webhooks: z
    .array(webhook, allowed('a list of receivers such as { url: "https://...", secret: "..." }'))
    .max(20, allowed('at most 20 receivers'))
    .default([]),
});

/** Events that the plugin tells Strapi's event hub. */
export const eventsSchema = section({
  hits: flag.default(false),
  fills: flag.default(false),
  purges: flag.default(false),
});

/** Refilling behind purges and starts. */
export const warmUpSchema = section({
  enabled: flag.default(false),
  count: count(1, 1000).default(50),
  concurrency: count(1, 10).default(2),
  perSecond: count(1, 100).default(10),
  afterPurge: flag.default(true),
  afterStart: flag.default(true),
});
