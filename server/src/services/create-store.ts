import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import type { Store, StoreEvent } from '../core/store';
import {
  createRemoteStore,
  openDriver,
  type RemoteStore,
  type RemoteTarget,
} from '../stores/create-remote-store';
import type { RemoteDriver } from '../stores/driver';
import { MemoryStore } from '../stores/memory';
import { MeteredDriver, type OnCommand } from '../stores/metered-driver';
import { upstashAddress } from '../stores/upstash-address';
import { StoredJournal } from '../strapi/stored-journal';

/** The store of a configuration, and what it stands on when it is a shared one. */
export interface OpenedStore {
  readonly store: Store;
  readonly shared: { readonly store: RemoteStore; readonly driver: RemoteDriver } | null;
}

/**
 * Opens the store that the configuration asks for; `auto` takes Upstash when its two variables are set.
 * @throws ConnectionSettingError when one of them is missing or cannot be right
 */
export function createStore(strapi: Core.Strapi, config: ResolvedConfig, onCommand: OnCommand): OpenedStore {
  const target = targetOf(config);
  if (!target) return { store: new MemoryStore({ maxBytes: config.memory.maxSize }), shared: null };
  const opened = openDriver(target, patience(config));
  const driver = new MeteredDriver(opened, () => performance.now(), onCommand);
  const store = createRemoteStore(
    { driver },
    {
      prefix: config.prefix,
      maxBytes: config.memory.maxSize,
      lease: config.lease,
      deadline: config.deadline,
      maxTtl: longestTtl(config),
      journal: new StoredJournal(strapi, config.prefix),
      onEvent: (event) => logEvent(strapi, event),
    },
  );
  return { store, shared: { store, driver } };
}

function targetOf(config: ResolvedConfig): RemoteTarget | null {
  if (config.store === 'memory') return null;
  if (config.store === 'redis') {
    if (config.redis.url !== undefined) return { redisUrl: config.redis.url };
    throw new Error('[upstash-cache] store is "redis", but neither redis.url nor CACHE_REDIS_URL is set');
  }
  const address = upstashAddress(config.upstash.url, config.upstash.token);
  if (address || config.store === 'auto') return address;
  throw new Error(
    '[upstash-cache] store is "upstash", but UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN are not set',
  );
}

/** When a connection is given up for one command: not before all who may wait for an answer have given up. */
const patience = ({ deadline, rateLimit }: ResolvedConfig): number =>
  rateLimit.enabled ? Math.max(deadline, rateLimit.outage.deadline) : deadline;

/** Purges are remembered a little longer than the longest-lived entry. */
function longestTtl(config: ResolvedConfig): number {
  const day = 24 * 3_600_000;
  const longest = [config, ...config.rules].map((it) => ({
    ttl: it.ttl ?? config.ttl,
    window: Math.max(
      it.staleWhileRevalidate ?? config.staleWhileRevalidate,
      it.staleIfError ?? config.staleIfError,
    ),
  }));
  return Math.max(day, ...longest.map(({ ttl, window }) => ttl + window));
}

function logEvent(strapi: Core.Strapi, event: StoreEvent): void {
  const { type, ...facts } = event;
  const text =
    `[upstash-cache] store: ${type} ${Object.keys(facts).length > 0 ? JSON.stringify(facts) : ''}`.trim();
  if (type === 'remote-up' || type === 'purge-delivered' || type === 'log-reset') strapi.log.info(text);
  else strapi.log.warn(text);
}
