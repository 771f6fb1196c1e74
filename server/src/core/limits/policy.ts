import { pathPattern } from '../path-pattern';
import { Generations } from '../shared-texts';
import { addressRanges } from './address';
import type { Algorithm, Allowance } from './limiter';
import { partitionBy, type Digest, type PartitionBy } from './partition';
import { ANONYMOUS, tieredName, tierOf, tiersOf, type Quotas, type Tier } from './quotas';
import type { RequestFacts } from './request-facts';

export interface Skip {
  /** Addresses and networks. */
  readonly addresses: readonly string[];
  readonly paths: readonly string[];
  readonly when?: (request: RequestFacts) => boolean;
}

export interface PolicyOptions {
  readonly name: string;
  readonly quota: number | Quotas;
  /** Milliseconds. */
  readonly window: number;
  readonly algorithm: Algorithm;
  readonly refill?: number;
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  readonly contentTypes?: readonly string[];
  readonly by: PartitionBy;
  readonly skip: Skip;
  /** What an answer from the cache counts: as any other, nothing, or a share from 0 to 1. */
  readonly hits: 'count' | 'free' | number;
  readonly dryRun: boolean;
}

export interface PolicyParts {
  readonly digest: Digest;
  /** Skipped by every policy. */
  readonly skip: Skip;
  /** Path patterns of a policy that names neither paths nor content types. */
  readonly defaultPaths: readonly string[];
  /** The content type whose route a request runs, or null. */
  readonly contentTypeOf: (method: string, path: string) => string | null;
  readonly warn: (message: string) => void;
}

/** A partition of a policy and what it may use. */
export interface Claim {
  readonly allowance: Allowance;
  readonly partition: string;
}

/** One rate limit in force. */
export class Policy {
  readonly name: string;
  readonly dryRun: boolean;
  /** Thousandths of a request that an answer from the cache counts. */
  readonly hitWeight: number;
  /** By tier; none for callers that are not limited. */
  private readonly allowances = new Map<Tier, Allowance>();
  private readonly partitionOf: (facts: RequestFacts) => string;
  private readonly matchesPath: (path: string) => boolean;
  private readonly skips: (facts: RequestFacts, path: string) => boolean;

  constructor(
    readonly options: PolicyOptions,
    private readonly parts: PolicyParts,
  ) {
    this.name = options.name;
    this.dryRun = options.dryRun;
    this.hitWeight = thousandths(options.hits);
    const { by, name, algorithm, window, refill } = options;
    for (const [tier, quota] of tiersOf(options.quota))
      if (quota !== false)
        this.allowances.set(tier, { policy: name, algorithm, quota, window, refill: refill ?? quota });
    this.partitionOf = partitionBy(typeof by === 'function' ? this.guarded('by', by) : by, parts.digest);
    const paths = options.paths ?? (options.contentTypes ? [] : parts.defaultPaths);
    this.matchesPath = anyPath(paths);
    this.skips = this.skipper([parts.skip, options.skip]);
  }

  /** The partition that a request counts for and its allowance; null when the policy leaves the request alone. */
  claim(facts: RequestFacts, path: string): Claim | null {
    if (!this.matches(facts, path) || this.skips(facts, path)) return null;
    const tier = tierOf(this.options.quota, facts.caller);
    const allowance = this.allowances.get(tier);
    if (!allowance) return null;
    const partition = this.partitionOf(facts);
    // a visitor behind the address of a user must not use up the user's larger quota, nor the other way round
    const shared = tier !== ANONYMOUS && !/^(?:user|token):/.test(partition);
    return { allowance, partition: shared ? tieredName(partition, tier) : partition };
  }

  /** Every counter that one name may have: its own and, for each tier, the one of the callers in that tier. */
  claimsOf(name: string): Claim[] {
    const claims = new Map<string, Claim>();
    for (const [tier, allowance] of this.allowances)
      for (const partition of tier === ANONYMOUS ? [name] : [name, tieredName(name, tier)])
        if (!claims.has(partition)) claims.set(partition, { allowance, partition });
    return [...claims.values()];
  }

  private matches({ method, preflight }: RequestFacts, path: string): boolean {
    const { methods, contentTypes } = this.options;
    if (methods) {
      if (!methods.includes(method) && !(method === 'HEAD' && methods.includes('GET'))) return false;
    } else if (preflight) return false;
    if (this.matchesPath(path)) return true;
    if (!contentTypes) return false;
    const type = this.parts.contentTypeOf(method, path);
    return type !== null && contentTypes.includes(type);
  }

  private skipper(lists: readonly Skip[]): (facts: RequestFacts, path: string) => boolean {
    const inRanges = addressRanges(lists.flatMap((list) => list.addresses));
    const onPath = anyPath(lists.flatMap((list) => list.paths));
    const asked = lists.flatMap((list) => (list.when ? this.guarded('skip.when', list.when) : []));
    return (facts, path) =>
      onPath(path) || inRanges(facts.address) || asked.some((when) => when(facts) === true);
  }

  /** A function of the configuration: when it throws, it has said nothing, and the request goes on. */
  private guarded<T>(
    option: string,
    ask: (facts: RequestFacts) => T,
  ): (facts: RequestFacts) => T | undefined {
    let said = false;
    return (facts) => {
      try {
        return ask(facts);
      } catch (error) {
        if (!said)
          this.parts.warn(
            `the function "${option}" of the rate limit "${this.name}" threw: ${String(error)}`,
          );
        said = true;
        return undefined;
      }
    };
  }
}

const thousandths = (hits: PolicyOptions['hits']): number =>
  hits === 'count' ? 1000 : hits === 'free' ? 0 : Math.round(hits * 1000);

/** Paths of a generation that are remembered, and how long they may be: what is asked for again is short. */
const REMEMBERED = 500;
const LONGEST = 256;

function anyPath(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const tests = patterns.map(pathPattern);
  const matches = (path: string): boolean => tests.some((test) => test(path));
  const remembered = new Generations<string, boolean>(REMEMBERED);
  return (path) => (path.length > LONGEST ? matches(path) : remembered.of(path, matches));
}
