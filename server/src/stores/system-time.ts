import { performance } from 'node:perf_hooks';
import type { Time } from '../core/time';

/**
 * A timer that lets what has already arrived on a socket be read first: a process that was busy itself must not take
 * its own delay for that of the store (the event loop runs due timers before it reads).
 */
export function afterAnswers(milliseconds: number, run: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(run); // never unref'd: the loop would wait for other events before it runs it
  }, milliseconds);
  timer.unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/** The clocks of this machine. Pending timers do not keep the process alive. */
export const systemTime: Time = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  after: afterAnswers,
};
