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

/** Every tier that the quotas tell apart. */
export function tiersOf(quotas: number | Quotas): Tier[] {
  if (typeof quotas === 'number') return [ANONYMOUS];
  return [
    ANONYMOUS,
    ...(quotas.authenticated === undefined ? [] : [AUTHENTICATED]),
    ...Object.keys(quotas.roles ?? {}).map((name) => `role=${name}`),
    ...Object.keys(quotas.tokens ?? {}).map((name) => `token=${name}`),
  ];
}

/** @param tier one that `tierOf` gave for the same quotas */
export function quotaOf(quotas: number | Quotas, tier: Tier): Quota {
  if (typeof quotas === 'number') return quotas;
  const named = tier.startsWith('token=')
    ? quotas.tokens?.[tier.slice(6)]
    : tier.startsWith('role=')
      ? quotas.roles?.[tier.slice(5)]
      : tier === AUTHENTICATED
        ? quotas.authenticated
        : undefined;
  return named ?? quotas.anonymous;
}

/** Removes what `tieredName` added. */
export const untieredName = (name: string): string =>
  name.replace(/\+(?:authenticated$|(?:role|token)=.*)/s, '');

/** The name of a partition whose members are in a tier. */
export const tieredName = (name: string, tier: Tier): string => `${name}+${tier}`;

const has = (quotas: Readonly<Record<string, Quota>> | undefined, name: string): boolean =>
  quotas !== undefined && Object.hasOwn(quotas, name);
