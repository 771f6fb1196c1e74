import { Breaker } from '../core/breaker';
import { Lease } from '../core/lease';
import { type PurgeJournal, PurgeQueue } from '../core/purge-queue';
import type { OnStoreEvent } from '../core/store';
import { TagClock } from '../core/tag-clock';
import type { Time } from '../core/time';
import { checkConnection, type ConnectionCheck } from './connection-check';
import type { RemoteDriver } from './driver';
import { EntryMemory } from './entry-memory';
import { backgroundDeadline, GuardedDriver } from './guarded-driver';
import { RedisDriver } from './redis-driver';
import { RedisTagLog } from './redis-tag-log';
import { SharedTier } from './shared-tier';
import { systemTime } from './system-time';
import { TieredStore } from './tiered';
import { redisAddress, upstashAddress, ConnectionSettingError, URL_VARIABLE } from './upstash-address';
import { UpstashDriver } from './upstash-driver';

export type RemoteTarget =
  | { readonly url: string; readonly token: string }
  | { readonly redisUrl: string }
  | { readonly driver: RemoteDriver };

/** All durations are milliseconds. */
export interface RemoteStoreOptions {
  /** Separates the apps that share a database. */
  readonly prefix: string;
  /** Bytes of entries held in this process. */
  readonly maxBytes: number;
  /** How long a purge made elsewhere may go unnoticed; 0 asks before every answer. Default 1000. */
  readonly lease?: number;
  /** How long a request waits for the store. Default 250. */
  readonly deadline?: number;
  /** The longest that an entry may live; purges are remembered a little longer. Default one day. */
  readonly maxTtl?: number;
  /** How long `close` waits for purges that are not delivered. Default 2000. */
  readonly drain?: number;
  /** Tags that the clock of this process remembers. */
  readonly maxTags?: number;
  /** Rows of the tag log that one answer may hold. */
  readonly logLimit?: number;
  /** How far ahead of the server's clock a new tag log starts. */
  readonly logLead?: number;
  readonly journal?: PurgeJournal | null;
  readonly onEvent?: OnStoreEvent;
  readonly time?: Time;
}

export interface RemoteStore extends TieredStore {
  /** One command that tells at start-up whether the settings are right. Never rejects. */
  verifyConnection(patience?: number): Promise<ConnectionCheck>;
}

const HOUR = 3_600_000;
/** With a shorter lease the journal is read once in so many milliseconds. */
const JOURNAL = 1000;

/**
 * The store that many instances share: memory over Redis. Connects at the first command.
 * @throws ConnectionSettingError when the address or the token cannot be right
 */
export function createRemoteStore(target: RemoteTarget, options: RemoteStoreOptions): RemoteStore {
  const { prefix, lease = 1000, deadline = 250, maxTtl = 24 * HOUR, drain = 2000 } = options;
  const time = options.time ?? systemTime;
  const onEvent = options.onEvent ?? (() => {});
  const raw = openDriver(target, deadline);
  const breaker = new Breaker({
    monotonic: () => time.monotonic(),
    random: () => time.random(),
    onChange: (open, reason) => {
      onEvent(open ? { type: 'remote-down', reason } : { type: 'remote-up' });
      // What was read of the journal before is not the whole of it.
      if (open) journalReadAt = -Infinity;
      else queue.flush();
    },
  });
  const driver = new GuardedDriver(raw, { time, breaker, deadline });
  const clock = new TagClock(options.maxTags, () => time.now());
  const log = new RedisTagLog(driver, {
    prefix,
    time,
    retention: maxTtl + HOUR,
    limit: options.logLimit,
    lead: options.logLead,
  });
  let journalReadAt = -Infinity;
  /**
   * What was answered without being delivered stands in the journal. It is read before the log and never after it: a
   * purge that leaves the journal between the two readings stands in the log by then.
   */
  const readJournal = async (): Promise<void> => {
    if (breaker.refuses) throw new Error('the log is not asked while it is down');
    const at = time.monotonic();
    // Asked before every answer, the log is read far more often than anything goes undelivered.
    if (lease < JOURNAL && at - journalReadAt < JOURNAL) return;
    await queue.recover();
    journalReadAt = at;
  };
  const leases = new Lease({
    clock,
    log,
    time,
    length: lease,
    before: readJournal,
    onReset: () => onEvent({ type: 'log-reset' }),
  });
  const journal = options.journal ?? null;
  const queue = new PurgeQueue({
    clock,
    log,
    time,
    journal,
    patience: deadline / 2,
    onEvent,
    onGap: () => leases.expire(),
  });
  const maxPending = Math.max(options.maxBytes / 8, 1_048_576);
  const shared = new SharedTier({
    clock,
    log,
    lease: leases,
    now: () => time.now(),
    driver,
    prefix,
    maxPending,
    onEvent,
  });
  const store = new TieredStore({
    driver,
    clock,
    lease: leases,
    queue,
    memory: new EntryMemory(options.maxBytes),
    shared,
    time,
    deadline,
    drain,
    breaker,
  });
  return Object.assign(store, {
    verifyConnection: (patience = 3000) => checkConnection(raw, { prefix, time, patience }),
  });
}

/**
 * The connection that a target names; it connects at the first command.
 * @throws ConnectionSettingError when the address or the token cannot be right
 */
export function openDriver(target: RemoteTarget, deadline: number): RemoteDriver {
  if ('driver' in target) return target.driver;
  if ('redisUrl' in target) return new RedisDriver(redisAddress(target.redisUrl));
  const address = upstashAddress(target.url, target.token);
  if (!address) throw new ConnectionSettingError(URL_VARIABLE, 'is missing.');
  return new UpstashDriver({ ...address, deadline, backgroundDeadline: backgroundDeadline(deadline) });
}
