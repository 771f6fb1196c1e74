import { AsyncLocalStorage } from 'node:async_hooks';

/** Values of the slots in the running code, by the slot's number. */
type Values = readonly unknown[];

/**
 * One for all slots: on Node before 24 every `AsyncLocalStorage` in use is copied into every promise, tick and handle
 * of the process, which every request pays for, those that never come near it too.
 */
const storage = new AsyncLocalStorage<Values>();

let slots = 0;

/** A value that follows the code which was started under it, like that of an `AsyncLocalStorage`. */
export class AsyncSlot<T> {
  private readonly number = slots++;

  /** Runs a function, and all that it starts, with this value. The other slots stay as they are. */
  run<R>(value: T, run: () => R): R {
    const values = storage.getStore()?.slice() ?? [];
    values[this.number] = value;
    return storage.run(values, run);
  }

  /** The value that the running code was started under, if any. */
  get(): T | undefined {
    return storage.getStore()?.[this.number] as T | undefined;
  }
}
