import type { Rule } from '../config/schema';
import { pathPattern } from '../core/path-pattern';
import type { RouteInfo } from './route-table';

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
