import type { Lease } from './lease';
import type { Stamped, TagClock } from './tag-clock';
import type { TagLog } from './tag-log';

/** A marker further ahead of the wall clock than this is a lie or a broken clock, not a witness. Microseconds. */
const CREDIBLE = 86_400_000_000;

export interface SettleParts {
  readonly clock: TagClock;
  readonly log: TagLog;
  readonly lease: Lease;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Whether an entry from the shared tier holds, asking the log where this process cannot tell. An entry older than
 * the horizon that holds gets the seq at which it was found to hold.
 * @throws when the log cannot be asked
 */
export async function settle(entry: Stamped, parts: SettleParts): Promise<boolean> {
  const { clock } = parts;
  let verdict = clock.check(entry);
  if (verdict === 'old') verdict = (await recheck(entry, parts)) ? clock.check(entry) : 'no';
  if (verdict === 'future') {
    if (await parts.lease.ensure(0)) verdict = clock.check(entry);
    if (verdict === 'future' && entry.seq < parts.now() * 1000 + CREDIBLE) {
      // The log does not know a marker that somebody has seen: proof that it lost a part of its history.
      clock.saw(entry.seq);
      parts.lease.expire();
    }
  }
  return verdict === 'yes';
}

async function recheck(entry: Stamped, { clock, log, lease }: SettleParts): Promise<boolean> {
  const { seen } = clock;
  const { seq, floor, purgedAt } = await log.standing(entry.tags);
  if (seq === null || seq < seen) {
    lease.expire();
    return false;
  }
  if (floor > entry.seq || purgedAt.some((at) => at !== null && at > entry.seq)) return false;
  clock.saw(seq);
  entry.seq = seq;
  entry.checked = 0;
  return true;
}
