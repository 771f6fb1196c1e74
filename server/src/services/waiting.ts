import { LRUCache } from 'lru-cache';

/** After a response that could not be shared, callers of its key do not wait for each other for so long. */
const PASS_MS = 10_000;
/** The longest time that a follower waits for its leader. */
const PATIENCE_MS = 10_000;

/** Keys whose last response was for one caller. */
export function passList(): { has(key: string): boolean; add(key: string): void } {
  const keys = new LRUCache<string, true>({ max: 10_000, ttl: PASS_MS });
  return { has: (key) => keys.has(key), add: (key) => void keys.set(key, true) };
}

/** How long a follower waits. */
export function patience(): { over: Promise<'slow'>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<'slow'>((resolve) => {
    timer = setTimeout(() => resolve('slow'), PATIENCE_MS).unref();
  });
  return { over, cancel: () => clearTimeout(timer) };
}
