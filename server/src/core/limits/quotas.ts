import type { Caller } from './request-facts';

/** A number of requests, or `false` for callers who are not limited. */
export type Quota = number | false;

/** Quotas by who asks. The first that fits wins: token, role, authenticated, anonymous. */
export interface Quotas {
  readonly anonymous: Quota;
  /** Users and tokens that nothing else names; as `anonymous` when it is left out. */
  readonly authenticated?: Quota;
  readonly roles?: Readonly<Record<string, Quota>>;
  readonly tokens?: Readonly<Record<string, Quota>>;
}

/** Which of the quotas a caller gets: `anonymous`, `authenticated`, `role=<name>` or `token=<name>`. */
export type Tier = string;

export const ANONYMOUS: Tier = 'anonymous';
const AUTHENTICATED: Tier = 'authenticated';

export function tierOf(quotas: number | Quotas, caller: Caller | null): Tier {
  if (caller === null || typeof quotas === 'number') return ANONYMOUS;
  if (caller.kind === 'token' && caller.name !== undefined && has(quotas.tokens, caller.name))
    return `token=${caller.name}`;
  const role = caller.roles?.find((name) => has(quotas.roles, name));
  if (role !== undefined) return `role=${role}`;
  return quotas.authenticated === undefined ? ANONYMOUS : AUTHENTICATED;
}

/** Every tier that the quotas tell apart, with its quota; `anonymous` first. */
export function tiersOf(quotas: number | Quotas): Map<Tier, Quota> {
  if (typeof quotas === 'number') return new Map([[ANONYMOUS, quotas]]);
  const { anonymous, authenticated, roles = {}, tokens = {} } = quotas;
  const tiers = new Map([[ANONYMOUS, anonymous]]);
  if (authenticated !== undefined) tiers.set(AUTHENTICATED, authenticated);
  for (const [name, quota] of Object.entries(roles)) tiers.set(`role=${name}`, quota);
  for (const [name, quota] of Object.entries(tokens)) tiers.set(`token=${name}`, quota);
  return tiers;
}

/** Removes what `tieredName` added. */
export const untieredName = (name: string): string =>
  name.replace(/\+(?:authenticated$|(?:role|token)=.*)/s, '');

/** The name of a partition whose members are in a tier. */
export const tieredName = (name: string, tier: Tier): string => `${name}+${tier}`;

const has = (quotas: Readonly<Record<string, Quota>> | undefined, name: string): boolean =>
  quotas !== undefined && Object.hasOwn(quotas, name);
