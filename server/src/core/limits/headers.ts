import type { Allowance, Verdict } from './limiter';

/** Which response fields tell a caller about its limits. */
export interface HeaderSwitches {
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
  readonly rateLimit: boolean;
  /** `X-RateLimit-Limit`, `-Remaining` and `-Reset`, in epoch seconds as Strapi and GitHub send it. */
  readonly xRateLimit: boolean;
  /** `Retry-After` of a refusal (RFC 9110 section 10.2.3). */
  readonly retryAfter: boolean;
}

/** What one policy said; a null verdict when it counted nothing and knows nothing. */
export interface Ruling {
  readonly allowance: Allowance;
  readonly verdict: Verdict | null;
}

type Known = Ruling & { readonly verdict: Verdict };

/**
 * Response fields for the policies that a request fell under, as `[name, value, name, value, ...]`.
 * @param retryAfter seconds, of a refusal; else null
 * @param now epoch milliseconds
 */
export function rateLimitFields(
  rulings: readonly Ruling[],
  retryAfter: number | null,
  switches: HeaderSwitches,
  now: number,
): string[] {
  const fields: string[] = [];
  if (switches.retryAfter && retryAfter !== null) fields.push('Retry-After', String(retryAfter));
  let policies = '';
  let limits = '';
  let tightest: Known | null = null;
  // no lists: every hit comes here
  for (const ruling of rulings) {
    policies += (policies && ', ') + texts(ruling.allowance).item;
    if (!isKnown(ruling)) continue; // a limiter that did not count has no numbers to tell
    limits += (limits && ', ') + limitItem(ruling, now);
    tightest = tightest ? tighter(tightest, ruling) : ruling;
  }
  if (switches.rateLimit && policies) fields.push('RateLimit-Policy', policies);
  if (switches.rateLimit && limits) fields.push('RateLimit', limits);
  if (switches.xRateLimit && tightest) {
    const { verdict } = tightest;
    fields.push('X-RateLimit-Limit', String(verdict.quota));
    fields.push('X-RateLimit-Remaining', String(verdict.remaining));
    fields.push('X-RateLimit-Reset', String(Math.ceil(moreAt(verdict) / 1000)));
  }
  return fields;
}

const isKnown = (ruling: Ruling): ruling is Known =>
  ruling.verdict !== null && ruling.verdict.from !== 'open' && ruling.verdict.from !== 'closed';

const moreAt = (verdict: Verdict): number => (verdict.allowed ? verdict.resetAt : verdict.retryAt);

/** An allowance is one object for as long as the configuration stands, and every answer names it. */
const made = new WeakMap<Allowance, Texts>();

interface Texts {
  /** `"burst";q=100;w=60`: a String with parameters (RFC 9651 sections 3.1.2 and 3.3.3). */
  readonly item: string;
  /** `"burst"` */
  readonly name: string;
}

function texts(allowance: Allowance): Texts {
  const known = made.get(allowance);
  if (known !== undefined) return known;
  const { policy, quota, window } = allowance;
  const seconds = Math.round(window / 1000);
  const name = quoted(policy);
  const all = { item: `${name};q=${quota}${seconds > 0 ? `;w=${seconds}` : ''}`, name };
  made.set(allowance, all);
  return all;
}

function limitItem({ allowance, verdict }: Known, now: number): string {
  const seconds = Math.max(0, Math.ceil((moreAt(verdict) - now) / 1000));
  return `${texts(allowance).name};r=${verdict.remaining};t=${seconds}`;
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Of two policies the one that stops the caller first, or longer. */
function tighter(a: Known, b: Known): Known {
  if (a.verdict.allowed !== b.verdict.allowed) return a.verdict.allowed ? b : a;
  if (!a.verdict.allowed) return b.verdict.retryAt > a.verdict.retryAt ? b : a;
  return b.verdict.remaining < a.verdict.remaining ? b : a;
}
