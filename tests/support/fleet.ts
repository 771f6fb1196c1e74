import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createRemoteStore, type RemoteStoreOptions } from '../../server/src/stores/create-remote-store';
import { UpstashDriver } from '../../server/src/stores/upstash-driver';
import { TestRedis } from './bridge';
import { TestProcess, type Modules } from './process';

/** Any number of instances over one redis, which is empty before every test. To be made at the top of a test file. */
export class Fleet {
  private server: TestRedis | null = null;
  private running: TestProcess[] = [];

  constructor(private readonly defaults: () => Partial<RemoteStoreOptions> = () => ({})) {
    beforeAll(async () => {
      this.server = await TestRedis.start();
    });
    afterAll(() => this.server?.stop());
    beforeEach(() => this.redis.raw('FLUSHALL'));
    afterEach(async () => {
      this.redis.bridge.fault = null;
      await Promise.all(this.running.splice(0).map((process) => process.close()));
    });
  }

  get redis(): TestRedis {
    if (!this.server) throw new Error('redis is started before the first test');
    return this.server;
  }

  /** A process that has asked nothing yet. */
  start(
    options: Partial<RemoteStoreOptions> = {},
    modules: Modules = { createRemoteStore, UpstashDriver },
  ): TestProcess {
    const process = new TestProcess(modules, this.redis.credentials, { ...this.defaults(), ...options });
    this.running.push(process);
    return process;
  }

  /** A process that has read the tag log. */
  async booted(options: Partial<RemoteStoreOptions> = {}): Promise<TestProcess> {
    const process = this.start(options);
    await process.store.begin();
    return process;
  }

  /** The same, and redis knows its scripts. */
  async warm(options: Partial<RemoteStoreOptions> = {}): Promise<TestProcess> {
    const process = this.start(options);
    await process.purge('warm');
    await process.store.begin();
    return process;
  }

  /** The process is killed: nothing of it runs any more. */
  kill(process: TestProcess): void {
    process.driver.before = () => new Promise(() => {});
    this.running = this.running.filter((it) => it !== process);
  }
}
