const MINUTE = 60_000;
const HOUR = 3_600_000;

export type Outcome = 'allowed' | 'limited' | 'dryRun';

/** What happened in one minute or hour that began at `at` (epoch milliseconds). */
export interface TallySlot {
  at: number;
  allowed: number;
  limited: number;
  /** Requests that a policy in dry run would have refused. */
  dryRun: number;
}

/** Counts outcomes per minute of the last hour and per hour of the last two days, in constant memory. */
export class Tally {
  private readonly minutes = ring(60);
  private readonly hours = ring(48);

  add(outcome: Outcome, now: number): void {
    slot(this.minutes, MINUTE, now)[outcome]++;
    slot(this.hours, HOUR, now)[outcome]++;
  }

  /** Slots in which something happened, oldest first. */
  read(now: number): { minutes: TallySlot[]; hours: TallySlot[] } {
    return { minutes: recent(this.minutes, MINUTE, now), hours: recent(this.hours, HOUR, now) };
  }
}

const ring = (length: number): TallySlot[] =>
  Array.from({ length }, () => ({ at: -1, allowed: 0, limited: 0, dryRun: 0 }));

function slot(slots: TallySlot[], span: number, now: number): TallySlot {
  const number = Math.floor(now / span);
  const found = slots[number % slots.length] as TallySlot;
  if (found.at !== number * span) {
    found.at = number * span;
    found.allowed = found.limited = found.dryRun = 0;
  }
  return found;
}

const recent = (slots: readonly TallySlot[], span: number, now: number): TallySlot[] =>
  slots
    .filter(({ at }) => at >= 0 && at <= now && at > now - slots.length * span)
    .sort((a, b) => a.at - b.at)
    .map((found) => ({ ...found }));
