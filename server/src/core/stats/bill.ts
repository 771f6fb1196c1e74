import { SCALES, type Period } from './period';

/** US dollars for so many commands: Upstash, pay as you go, one region (https://upstash.com/pricing/redis). */
export const PRICE = { dollars: 0.2, commands: 100_000 } as const;

const MONTH = 30 * 86_400_000;
/** A projection from less than this says nothing, milliseconds. */
const LEAST = 5 * 60_000;

export interface Bill {
  /** Commands of a month if it goes on like this. */
  readonly monthlyCommands: number;
  readonly monthlyDollars: number;
}

/**
 * What a month costs at the rate of a period.
 * @param since epoch milliseconds from which on was counted
 * @returns null when too little time has passed to say
 */
export function project(commands: number, period: Period, since: number, now: number): Bill | null {
  const { step, points } = SCALES[period];
  const span = Math.min(step * points, now - since);
  if (span < LEAST) return null;
  const monthlyCommands = Math.round((commands / span) * MONTH);
  return { monthlyCommands, monthlyDollars: (monthlyCommands * PRICE.dollars) / PRICE.commands };
}
