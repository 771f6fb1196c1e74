import { performance } from 'node:perf_hooks';
import type { Time } from '../core/time';

/** The clocks of this machine. Pending timers do not keep the process alive. */
export const systemTime: Time = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
