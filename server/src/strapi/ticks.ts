let ticks = 0;

/** A number that is larger than any that was given before: the order of what happens in this process. */
export const tick = (): number => ++ticks;
