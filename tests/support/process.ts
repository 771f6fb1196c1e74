import type { StoreEvent } from '../../server/src/core/store';
import type {
  createRemoteStore,
  RemoteStore,
  RemoteStoreOptions,
} from '../../server/src/stores/create-remote-store';
import type { UpstashDriver } from '../../server/src/stores/upstash-driver';
import { entryOf } from './entries';
import { FakeTime, flushPromises } from './fake-clock';
import { FaultyDriver } from './faults';

export interface Modules {
  readonly createRemoteStore: typeof createRemoteStore;
  readonly UpstashDriver: typeof UpstashDriver;
}

let seeds = 0;

/** One Strapi instance as the shared store sees it: its own store, memory, connection and clock. */
export class TestProcess {
  readonly time = new FakeTime(Date.now(), ++seeds);
  readonly events: StoreEvent[] = [];
  readonly driver: FaultyDriver;
  readonly store: RemoteStore;

  constructor(
    modules: Modules,
    credentials: { url: string; token: string },
    options: Partial<RemoteStoreOptions> = {},
  ) {
    const patience = { deadline: 10_000, backgroundDeadline: 10_000 };
    this.driver = new FaultyDriver(new modules.UpstashDriver({ ...credentials, ...patience }));
    this.store = modules.createRemoteStore(
      { driver: this.driver },
      {
        prefix: 'test',
        maxBytes: 8_000_000,
        time: this.time,
        onEvent: (event) => this.events.push(event),
        ...options,
      },
    );
  }

  /** What a request sees: the stored body, or what its own fill made. */
  async read(key = 'k', fresh = 'new', tags: readonly string[] = ['t']): Promise<string> {
    const found = await this.store.get(key, this.time.now());
    if (typeof found !== 'string') return found.body.toString();
    const seq = await this.store.begin();
    if (seq !== null) await this.keep(key, fresh, seq, tags);
    return fresh;
  }

  async keep(key: string, body: string, seq: number, tags: readonly string[] = ['t']): Promise<boolean> {
    const stored = this.store.put(entryOf({ key, seq, tags, body: Buffer.from(body), now: this.time.now() }));
    await this.store.idle();
    return stored;
  }

  /** Lets time pass in steps, and commands answer in between: a single step would pass their deadlines. */
  async elapse(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 200) {
      await this.time.advance(Math.min(200, milliseconds - passed));
      await this.driver.settled();
    }
  }

  /** Lets the lease end. */
  async leaseOver(): Promise<void> {
    await this.time.advance(1001);
  }

  /** Learns what others purged. */
  async sync(): Promise<void> {
    await this.leaseOver();
    await this.store.begin();
  }

  purge(...tags: string[]): Promise<void> {
    return this.store.purge({ tags });
  }

  /** Lets retries run until no purge is left to deliver, and its journal know. */
  async deliver(): Promise<void> {
    for (let i = 0; i < 20 && this.store.health?.().undelivered; i++) await this.elapse(5000);
    for (let i = 0; i < 3; i++) await flushPromises();
  }

  async close(): Promise<void> {
    this.driver.before = this.driver.after = null;
    const closing = this.store.close();
    await this.driver.settled();
    await this.time.advance(60_000);
    await closing;
  }
}
