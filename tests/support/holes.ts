import { afterEach, describe, expect, it } from 'vitest';
import type { RemoteStoreOptions } from '../../server/src/stores/create-remote-store';
import { Fleet } from './fleet';
import { loadMutant, type Edit } from './mutants';
import type { Modules, TestProcess } from './process';

/*
 * Every way in which a tag clock was seen to serve stale content, replayed twice: the store as it is answers with
 * the new content; with its one repair taken out it answers with the old. The second half shows that the first
 * still tests something.
 */

export class World {
  private saved: Buffer | null = null;

  constructor(
    private readonly fleet: Fleet,
    private readonly modules?: Modules,
  ) {}

  start(options: Partial<RemoteStoreOptions> = {}): TestProcess {
    return this.fleet.start(options, this.modules);
  }

  /** A command straight to redis. */
  raw = (...args: (string | number)[]) => this.fleet.redis.raw(...args);

  loseLog = () => this.fleet.redis.raw('DEL', 'test:gens');

  /** Keeps a copy of the tag log, as a replica that falls behind does. */
  async copyLog(): Promise<void> {
    this.saved = (await this.fleet.redis.raw('DUMP', 'test:gens')) as Buffer;
  }

  /** The fail-over to that replica. */
  async rewindLog(): Promise<void> {
    await this.loseLog();
    await this.fleet.redis.raw('RESTORE', 'test:gens', 0, this.saved ?? '');
  }

  /** Lets a fill that read before the purge end after it. */
  async lateFill(process: TestProcess, during: () => Promise<unknown>): Promise<void> {
    const seq = await process.store.begin();
    await during();
    await process.keep('k', 'old', seq ?? 0);
  }
}

export const clock = (find: string, put: string): Edit => ({ file: 'core/tag-clock.ts', find, put });
export const lease = (find: string, put: string): Edit => ({ file: 'core/lease.ts', find, put });
export const lua = (find: string, put: string): Edit => ({ file: 'stores/lua-scripts.ts', find, put });
export const tiered = (find: string, put: string): Edit => ({ file: 'stores/tiered.ts', find, put });
export const log = (find: string, put: string): Edit => ({ file: 'stores/redis-tag-log.ts', find, put });
export const queue = (find: string, put: string): Edit => ({ file: 'core/purge-queue.ts', find, put });

export interface Hole {
  readonly name: string;
  readonly without: readonly Edit[];
  /** Resolves to what a request sees that must not see `old`. */
  readonly replay: (world: World) => Promise<string>;
}

/** Registers both replays of every hole. */
export function playHoles(title: string, holes: readonly Hole[]): void {
  describe(title, () => {
    const fleet = new Fleet();
    let dispose = () => {};
    afterEach(() => {
      dispose();
      dispose = () => {};
    });

    it.each(holes)('$name', async ({ replay }) => {
      expect(await replay(new World(fleet))).toBe('new');
    });

    it.each(holes)('without its repair: $name', async ({ replay, without }) => {
      const mutant = loadMutant(without);
      dispose = mutant.dispose;
      expect(await replay(new World(fleet, mutant))).toBe('old');
    });
  });
}
