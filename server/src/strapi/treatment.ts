import type { ResolvedConfig, Rule } from '../config/schema';
import type { DownstreamOptions } from '../core/downstream';
import { pathPattern } from '../core/path-pattern';
import type { StoringLimits } from '../core/storing';
import type { RouteInfo } from './route-table';

/** What the configuration says of a response: the same for all URLs that one rule speaks of. */
export interface Treatment {
  /** What may be stored, and for how long where the response does not say so itself. */
  readonly storing: StoringLimits;
  /** Whether a purge of content makes a response stale instead of removing it. */
  readonly softPurge: boolean;
  /** Request headers that are part of the key, lower case, sorted. */
  readonly keyedHeaders: readonly string[];
  /** Request headers that the key of a response covers, for its `Vary`. */
  readonly vary: readonly string[];
  /** Whose responses are told apart: see the option of rules. */
  readonly callers: 'each' | 'role' | 'public' | 'none';
  /** What caches downstream are told of public responses; null for nothing. */
  readonly downstream: DownstreamOptions | null;
}

/**
 * Request headers that Strapi's own controllers answer differently to
 * (`@strapi/core/dist/core-api/controller/index.js`, `transformResponse`).
 */
const STRAPI_HEADERS = ['strapi-encode-source-maps', 'strapi-response-format'];

/** The treatment by the rule that speaks of a response, or by the configuration alone. */
export function treatments(config: ResolvedConfig): (rule: Rule | null) => Treatment {
  const made = new Map<Rule | null, Treatment>();
  return (rule) => {
    const known = made.get(rule) ?? treatmentOf(config, rule);
    made.set(rule, known);
    return known;
  };
}

function treatmentOf(config: ResolvedConfig, rule: Rule | null): Treatment {
  const { browser, cdn } = config.downstream;
  const keyedHeaders = [...new Set([...STRAPI_HEADERS, ...(rule?.keyedHeaders ?? [])])].sort();
  return {
    storing: {
      ttl: rule?.ttl ?? config.ttl,
      statusTtl: { ...config.statusTtl, ...rule?.statusTtl },
      staleWhileRevalidate: rule?.staleWhileRevalidate ?? config.staleWhileRevalidate,
      staleIfError: rule?.staleIfError ?? config.staleIfError,
      maxEntryBytes: config.maxEntrySize,
      // credentials are part of the key, or withheld from the handler
      keyedHeaders: new Set([...keyedHeaders, 'authorization']),
    },
    softPurge: rule?.softPurge ?? false,
    keyedHeaders,
    vary: [...(rule?.callers === 'public' ? [] : ['Authorization']), ...(rule?.keyedHeaders ?? [])],
    callers: rule?.callers ?? 'each',
    downstream: rule?.downstream === false ? null : { browser, cdn, ...rule?.downstream },
  };
}

/** The first rule that speaks of a response, in the order of the configuration. */
export function ruleFinder(rules: readonly Rule[]): (path: string, route: RouteInfo) => Rule | null {
  const tests = rules.map((rule) => ({ rule, test: ruleTest(rule) }));
  return (path, route) => tests.find(({ test }) => test(path, route))?.rule ?? null;
}

function ruleTest(rule: Rule): (path: string, route: RouteInfo) => boolean {
  if (rule.path !== undefined) return pathPattern(rule.path);
  if (rule.handler !== undefined) return (_path, route) => route.handler === rule.handler;
  return (_path, route) => route.controller === rule.contentType;
}
