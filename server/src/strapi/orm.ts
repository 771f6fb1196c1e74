import { AsyncSlot } from './async-slot';
import type { Core } from '@strapi/strapi';

export type ReadAction = 'findOne' | 'findMany' | 'count';
export type WriteAction = 'create' | 'createMany' | 'update' | 'updateMany' | 'delete' | 'deleteMany';
export type LinkAction = 'attachRelations' | 'updateRelations' | 'deleteRelations';

export interface QueryParams {
  readonly where?: unknown;
  readonly filters?: unknown;
  readonly select?: unknown;
  readonly populate?: unknown;
  readonly orderBy?: unknown;
  readonly data?: unknown;
  readonly _q?: unknown;
  readonly offset?: unknown;
}

/** A write of the entity manager while it runs. */
export interface OngoingWrite {
  /** Told when the hooks of a lifecycle inside of the write have run, before the write goes on. */
  hooksDone(hook: string, uid: string): Promise<void>;
  /** Told when they have thrown, which ends the write before it has begun. */
  hooksFailed(hook: string, uid: string): void;
}

/** Does what was asked for, as part of a write. */
export type RunWrite<T> = (write: OngoingWrite | null) => Promise<T>;

/** Told of everything that Strapi's entity manager does, around it. */
export interface OrmObserver {
  read(action: ReadAction, uid: string, params: QueryParams, result: unknown): void;
  readFailed(): void;
  write<T>(action: WriteAction, uid: string, params: QueryParams, run: RunWrite<T>): Promise<T>;
  link<T>(
    action: LinkAction,
    uid: string,
    id: unknown,
    data: unknown,
    trx: unknown,
    run: () => Promise<T>,
  ): Promise<T>;
}

/** What the running code is inside of: its SQL is accounted for by the observer. */
type Inside = 'read' | 'write' | OngoingWrite | null | undefined;

const storage = new AsyncSlot<Inside>();

/** What the running code is inside of; nothing for what is the application's own. */
export const currentInside = (): Inside | undefined => storage.get();

/** Whether a statement executed now comes from the entity manager. */
export const insideOrm = (): boolean => Boolean(storage.get());

/** Runs what is not part of any query, though it may be started in a hook of one. */
export const outsideOrm = <T>(run: () => T): T => storage.run(undefined, run);

/** Runs a query of the trackers' own: neither a read of the application nor unaccounted SQL. */
export const asTracker = <T>(run: () => T): T => storage.run('write', run);

type Method = (uid: string, ...rest: unknown[]) => Promise<unknown>;

/**
 * Wraps the methods of `strapi.db.entityManager`, through which every query of the document service, of
 * `strapi.db.query`, of authentication and of plugins goes (`@strapi/database/dist/entity-manager/index.js`).
 * Unlike lifecycle subscribers it also sees writes while lifecycles are disabled, writes that fail half-way, and the
 * relation steps inside their own transactions.
 */
export function observeOrm(strapi: Core.Strapi, observer: OrmObserver): void {
  const manager = strapi.db.entityManager as unknown as Record<string, Method>;
  const wrap = (
    name: string,
    around: (method: Method, uid: string, rest: unknown[]) => Promise<unknown>,
  ): void => {
    const method = manager[name];
    if (typeof method !== 'function') return; // `compatibility.ts` says what falls away
    const bound = method.bind(manager) as Method;
    manager[name] = (uid, ...rest) => around(bound, uid, rest);
  };

  // Lifecycle subscribers are application code: what they read and write counts like any other query.
  const { lifecycles } = strapi.db;
  const runLifecycles = lifecycles.run.bind(lifecycles);
  lifecycles.run = async (action, uid, ...rest) => {
    const inside = storage.get();
    const write = typeof inside === 'object' ? inside : null;
    try {
      const states = await storage.run(null, () => runLifecycles(action, uid, ...rest));
      await write?.hooksDone(action, uid);
      return states;
    } catch (error) {
      write?.hooksFailed(action, uid);
      throw error;
    }
  };

  for (const action of ['findOne', 'findMany', 'count'] as const) {
    wrap(action, (method, uid, rest) => {
      if (storage.get()) return method(uid, ...rest);
      const params = (rest[0] ?? {}) as QueryParams;
      return storage
        .run('read', () => method(uid, ...rest))
        .then(
          (result) => {
            observer.read(action, uid, params, result);
            return result;
          },
          (error: unknown) => {
            observer.readFailed();
            throw error;
          },
        );
    });
  }
  for (const action of ['create', 'createMany', 'update', 'updateMany', 'delete', 'deleteMany'] as const) {
    wrap(action, (method, uid, rest) => {
      const run: RunWrite<unknown> = (write) => storage.run(write ?? 'write', () => method(uid, ...rest));
      return observer.write(action, uid, (rest[0] ?? {}) as QueryParams, run);
    });
  }
  for (const action of ['attachRelations', 'updateRelations', 'deleteRelations'] as const) {
    wrap(action, (method, uid, rest) => {
      const [id, ...others] = rest;
      const data = action === 'deleteRelations' ? undefined : others[0];
      const options = (action === 'deleteRelations' ? others[0] : others[1]) as
        { transaction?: unknown } | undefined;
      const run = (): Promise<unknown> => storage.run(storage.get() || 'write', () => method(uid, ...rest));
      return observer.link(action, uid, id, data, options?.transaction, run);
    });
  }
}
