import type { Decision } from '../../../server/src/core/limits/decision';
import type { RateLimit } from '../../../server/src/core/limits/rate-limit';
import type { RequestFacts } from '../../../server/src/core/limits/request-facts';
import { facts, NOW } from './facts';

/** In memory every decision is there at once: anything else would slow a cache hit. */
export function decide(limits: RateLimit, request: RequestFacts = facts(), now = NOW): Decision {
  const decision = limits.decide(request, now);
  if (decision instanceof Promise) throw new Error('a promise in memory mode');
  return decision;
}

export function settle(limits: RateLimit, decision: Decision, outcome: 'hit' | 'miss', now = NOW): Decision {
  const settled = limits.settle(decision, outcome, now);
  if (settled instanceof Promise) throw new Error('a promise in memory mode');
  return settled;
}

export const passes = (limits: RateLimit, request?: RequestFacts, times = 100): number =>
  Array.from({ length: times }, () => decide(limits, request)).filter((it) => it.allowed).length;

export const remaining = (limits: RateLimit, decision: Decision): Record<string, string> =>
  Object.fromEntries(
    [
      ...(limits
        .headersFor(decision, NOW)
        .join('\n')
        .match(/"\w+";r=\d+/g) ?? []),
    ].map((it) => {
      const [, name = '', left = ''] = /"(\w+)";r=(\d+)/.exec(it) ?? [];
      return [name, left];
    }),
  );
