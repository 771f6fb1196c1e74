import { Generations } from '../shared-texts';
import { countedAddress, maskedAddress } from './address';
import type { RequestFacts } from './request-facts';

/** Names whom a request counts for; null or an empty text: the address, like everybody who is not known better. */
export type PartitionFunction = (request: RequestFacts) => string | null | undefined;

/** Whom a policy counts: a client address, a verified user, a verified API token, either of them, or what it says. */
export type PartitionBy =
  'ip' | 'user' | 'token' | 'caller' | { readonly header: string } | PartitionFunction;

/** Makes a short name of a text that must not be stored: the same for the same text, and of no use to a reader. */
export type Digest = (text: string) => string;

/**
 * The partition of a request: `ip:203.0.113.7`, `ip:2001:db8:0:1::/64`, `user:5`, `token:3`, `header:<digest>` or
 * `own:<digest>`. A policy by user or token counts everybody else by address: a made-up credential is no new
 * partition.
 */
export function partitionBy(by: PartitionBy, digest: Digest): (facts: RequestFacts) => string {
  const address = byAddress();
  if (by === 'ip') return address;
  if (typeof by === 'string') {
    return (facts) => {
      const { caller } = facts;
      if (caller === null || (by !== 'caller' && by !== caller.kind)) return address(facts);
      return `${caller.kind}:${caller.id}`;
    };
  }
  const [kind, read] =
    typeof by === 'function'
      ? (['own', by] as const)
      : (['header', (facts: RequestFacts) => facts.header(by.header)] as const);
  return (facts) => {
    const text: unknown = read(facts);
    return typeof text === 'string' && text !== '' ? `${kind}:${digest(text)}` : address(facts);
  };
}

/** Addresses of a generation that are remembered, and how long an address with a port and a zone is at most. */
const REMEMBERED = 5000;
const LONGEST = 64;

function byAddress(): (facts: RequestFacts) => string {
  const remembered = new Generations<string, string>(REMEMBERED);
  const made = (address: string): string => `ip:${countedAddress(address)}`;
  return ({ address }) => (address.length > LONGEST ? made(address) : remembered.of(address, made));
}

/** A partition for the eyes of people: addresses lose their end, digests and foreign names all but their beginning. */
export function maskedPartition(partition: string): string {
  const [, kind = '', rest = '', tier = ''] = /^(\w+):(.*?)(\+.*)?$/s.exec(partition) ?? [];
  if (kind === 'ip') return `ip:${maskedAddress(rest)}${tier}`;
  if (kind === 'user' || kind === 'token') return `${kind}:${rest}${tier}`;
  if (kind === 'header' || kind === 'own') return `${kind}:${rest.slice(0, 6)}…${tier}`;
  return `${partition.slice(0, 4)}…`;
}
