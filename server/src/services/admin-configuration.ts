import { configSchema } from '../config/schema';
import type { Configuration, Setting, SettingUnit } from '../contracts';
import type { Runtime } from './runtime';

/** The configuration in force. Secrets are told to be set or not; functions are told to be functions. */
export function describeConfiguration(runtime: Runtime): Configuration {
  const { config, placement, routes, stats, store } = runtime;
  const usual = new Map(flatten(configSchema.parse({})));
  const settings = flatten(config).map(([path, value]): Setting => {
    const unit = unitOf(path);
    const shown = unit === 'secret' ? value !== null : value;
    return { path, value: shown, unit, changed: usual.get(path) !== value };
  });
  return {
    settings,
    facts: {
      store: store.kind,
      placement: placement?.at ?? null,
      placementReason: placement?.reason ?? null,
      pureRoutes: routes.counts.pure,
      impureRoutes: routes.counts.impure,
      statsBytes: stats.bytes,
      since: stats.since,
    },
  };
}

type Leaf = string | number | boolean | null;

/** Connection settings may hold passwords; they are options without a default, so they are always listed. */
const SECRETS = ['upstash.url', 'upstash.token', 'redis.url'];
const DURATIONS =
  /(^|\.)(ttl|lease|deadline|window|browser|staleWhileRevalidate|staleIfError|statusTtl\.\d+)$/;
const SIZES = /(^|\.)(maxSize|maxEntrySize|minSize|maxTagLength)$/;

function unitOf(path: string): SettingUnit {
  if (SECRETS.includes(path) || /token$|secret|password|^downstream\.webhooks\[\d+\]\.url$/i.test(path))
    return 'secret';
  if (DURATIONS.test(path)) return 'ms';
  return SIZES.test(path) ? 'bytes' : 'plain';
}

function flatten(config: object): [path: string, value: Leaf][] {
  const leaves = walk(config, '');
  const known = new Set(leaves.map(([path]) => path));
  return [
    ...leaves,
    ...SECRETS.filter((path) => !known.has(path)).map((path): [string, Leaf] => [path, null]),
  ];
}

function walk(value: unknown, path: string): [string, Leaf][] {
  if (value === undefined) return [];
  if (typeof value === 'function') return [[path, 'a function']];
  if (value === null || typeof value !== 'object') return [[path, value as Leaf]];
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' && typeof item !== 'function'))
      return [[path, value.join(', ')]];
    return value.flatMap((item, index) => walk(item, `${path}[${index}]`));
  }
  return Object.entries(value).flatMap(([name, item]) => walk(item, path ? `${path}.${name}` : name));
}
