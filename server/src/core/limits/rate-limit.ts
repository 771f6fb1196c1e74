import { BoundedMap } from '../bounded-map';
import { Decision, type Charge } from './decision';
import { rateLimitFields, type HeaderSwitches } from './headers';
import { Ledger, type PolicyStats } from './ledger';
import type { Limiter, Verdict } from './limiter';
import { plainPath } from '../path-pattern';
import { Policy, type Claim, type PolicyOptions, type PolicyParts } from './policy';
import { untieredName } from './quotas';
import type { RequestFacts } from './request-facts';

/** The option `rateLimit` after validation. */
export interface RateLimitOptions {
  readonly policies: readonly PolicyOptions[];
  readonly skip: PolicyParts['skip'];
  readonly headers: HeaderSwitches;
}

export interface RateLimitDeps extends Omit<PolicyParts, 'skip'> {
  /** Must not reject: put a remote limiter into `InsuredLimiter`. */
  readonly limiter: Limiter;
  /** From 0 to 1, as `Math.random`. */
  readonly random: () => number;
}

/** How a request was answered: from the cache, or by running the handler. */
export type CacheOutcome = 'hit' | 'miss';

export type WhichPartition = { readonly partition: string } | { readonly id: string };

/**
 * The rate limits of an application. In this order, for every request:
 *
 * 1. `decide` before the cache lookup. It charges every policy that counts hits like any other request.
 * 2. If the decision is not `allowed`, refuse: do not look up, do not settle.
 * 3. Look up.
 * 4. `settle` with what the lookup found, before a hit is written and before a fill is begun or joined. It charges
 *    the policies for which hits are cheaper, and may turn the decision into a refusal. Without such policies it
 *    does nothing and costs nothing; settling twice charges once.
 * 5. `headersFor` on every answer, refusals included, outside of what is stored.
 *
 * A request that any policy refuses is charged to none. Both calls are synchronous while this process alone can
 * tell: always in memory, and over Redis for callers that are known to be refused.
 */
export class RateLimit {
  /** Whether any policy tells users or tokens apart, so that `caller` matters. */
  readonly knowsCallers: boolean;
  private readonly policies: readonly Policy[];
  private readonly ledger: Ledger;
  private readonly owed = new BoundedMap<string, number>(10_000);
  private readonly hasDryRuns: boolean;
  /** Whether `decide` and `settle` never return a promise. */
  readonly decidesAtOnce: boolean;

  constructor(
    private readonly options: RateLimitOptions,
    private readonly deps: RateLimitDeps,
  ) {
    this.hasDryRuns = options.policies.some((policy) => policy.dryRun);
    this.decidesAtOnce = deps.limiter.kind === 'memory';
    this.policies = options.policies.map((it) => new Policy(it, { ...deps, skip: options.skip }));
    this.ledger = new Ledger(this.policies, deps.digest, deps.warn);
    this.knowsCallers = options.policies.some(readsCaller) || options.skip.when !== undefined;
  }

  decide(facts: RequestFacts, now: number): Decision | Promise<Decision> {
    const path = plainPath(facts.path);
    const due: Charge[] = [];
    const later: Charge[] = [];
    for (const policy of this.policies) {
      const claim = policy.claim(facts, path);
      if (claim === null) continue;
      const { allowance, partition } = claim;
      const charge = { policy, allowance, partition, verdict: null, taken: false, refused: false };
      (policy.hitWeight === 1000 ? due : later).push(charge);
    }
    const decision = new Decision(later.length === 0 ? due : [...due, ...later], later);
    return due.length === 0 ? decision : this.charge(decision, due, now);
  }

  settle(decision: Decision, outcome: CacheOutcome, now: number): Decision | Promise<Decision> {
    const later = decision.beginSettling();
    if (later.length === 0) return decision;
    if (outcome === 'miss') return this.charge(decision, later, now);
    return this.charge(
      decision,
      later.filter((charge) => this.countsHit(charge, now)),
      now,
    );
  }

  /** Response fields as `[name, value, name, value, ...]`. */
  headersFor(decision: Decision, now: number): string[] {
    const { charges, retryAfter } = decision;
    // a caller is not told of dry runs
    const shown = this.hasDryRuns ? charges.filter(({ policy }) => !policy.dryRun) : charges;
    return rateLimitFields(shown, retryAfter, this.options.headers, now);
  }

  /**
   * Charges one request to a partition of a policy, for application code.
   * @throws Error when there is no policy of that name, or it has no quota for anonymous callers
   */
  async limit(policy: string, partition: string, now: number): Promise<Verdict> {
    const found = this.policyOf(policy);
    const [claim] = found.claimsOf(partition);
    if (!claim) throw new Error(`the rate limit policy "${policy}" does not limit anybody`);
    const verdict = await this.deps.limiter.take(claim.allowance, partition, now);
    const outcome = verdict.allowed ? 'allowed' : found.dryRun ? 'dryRun' : 'limited';
    this.ledger.add(outcome, found, partition, now);
    return found.dryRun ? { ...verdict, allowed: true } : verdict;
  }

  /**
   * Forgets what one partition has used, by its name (`ip:203.0.113.7`, `user:5`) or by the id that `stats` gave it.
   * @returns false when there is no such id
   * @throws Error when there is no policy of that name
   */
  async reset(policy: string, which: WhichPartition, now: number): Promise<boolean> {
    const found = this.policyOf(policy);
    const name = 'id' in which ? this.ledger.partitionOf(policy, which.id) : which.partition;
    if (name === null) return false;
    const claims: Claim[] = found.claimsOf(untieredName(name));
    for (const { partition } of claims) {
      this.owed.delete(`${policy}\n${partition}`);
      this.ledger.forget(policy, partition);
    }
    await Promise.all(claims.map((it) => this.deps.limiter.reset(it.allowance, it.partition, now)));
    return true;
  }

  /** Grows with everything that the policies let pass or refuse. */
  get decided(): number {
    return this.ledger.volume;
  }

  stats(now: number): PolicyStats[] {
    return this.ledger.stats(now);
  }

  async close(): Promise<void> {
    await this.deps.limiter.close();
  }

  /** Charges all that are due or, when one of them is known to be exhausted, none. */
  private charge(decision: Decision, due: readonly Charge[], now: number): Decision | Promise<Decision> {
    if (decision.charges.length > 1 && this.knownRefusal(due, now)) return this.conclude(decision, now);
    const waiting: Promise<void>[] = [];
    for (const charge of due) {
      if (charge.verdict !== null) continue;
      const verdict = this.deps.limiter.take(charge.allowance, charge.partition, now);
      if (verdict instanceof Promise) waiting.push(verdict.then((it) => taken(charge, it)));
      else taken(charge, verdict);
    }
    if (waiting.length === 0) return this.conclude(decision, now);
    return Promise.all(waiting).then(() => this.conclude(decision, now));
  }

  private knownRefusal(due: readonly Charge[], now: number): boolean {
    let refused = false;
    for (const charge of due) {
      const known = this.deps.limiter.peek(charge.allowance, charge.partition, now);
      if (known === null || known.allowed) continue;
      charge.verdict = known;
      charge.refused = true;
      refused ||= !charge.policy.dryRun;
    }
    return refused;
  }

  private conclude(decision: Decision, now: number): Decision {
    if (decision.charges.some(refuses)) {
      const refusing = decision.charges.filter(refuses);
      decision.refuse(refusing, now, this.deps.random());
      for (const charge of decision.charges) this.giveBack(charge, now);
      for (const { policy, partition } of refusing) this.ledger.add('limited', policy, partition, now);
    } else if (!decision.deferred) {
      for (const { policy, partition, refused } of decision.charges)
        this.ledger.add(refused ? 'dryRun' : 'allowed', policy, partition, now);
    }
    return decision;
  }

  private giveBack(charge: Charge, now: number): void {
    if (!charge.taken || charge.verdict === null) return;
    charge.taken = false;
    void this.deps.limiter.giveBack(charge.allowance, charge.partition, now, charge.verdict);
  }

  /** Whether a hit completes a whole request, or meets a quota that is known to be used up. */
  private countsHit(charge: Charge, now: number): boolean {
    const { policy, partition, allowance } = charge;
    charge.verdict = null;
    if (policy.hitWeight > 0) {
      const key = `${policy.name}\n${partition}`;
      const owed = (this.owed.get(key) ?? 0) + policy.hitWeight;
      this.owed.set(key, owed % 1000);
      if (owed >= 1000) return true;
    }
    const known = this.deps.limiter.peek(allowance, partition, now);
    charge.verdict = known;
    charge.refused = policy.hitWeight > 0 && known !== null && !known.allowed;
    return false;
  }

  private policyOf(name: string): Policy {
    const found = this.policies.find((policy) => policy.name === name);
    if (found) return found;
    const names = this.policies.map((policy) => `"${policy.name}"`).join(', ') || 'none';
    throw new Error(`no rate limit policy "${name}"; there are: ${names}`);
  }
}

const refuses = ({ refused, policy }: Charge): boolean => refused && !policy.dryRun;

const readsCaller = ({ by, quota, skip }: PolicyOptions): boolean =>
  typeof quota !== 'number' ||
  skip.when !== undefined ||
  !(by === 'ip' || (typeof by === 'object' && 'header' in by));

function taken(charge: Charge, verdict: Verdict): void {
  charge.verdict = verdict;
  charge.taken = verdict.allowed;
  charge.refused = !verdict.allowed;
}
