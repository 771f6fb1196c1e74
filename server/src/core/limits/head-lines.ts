import { rateLimitFields, type HeaderSwitches, type Ruling } from './headers';
import type { Allowance, Verdict } from './limiter';

/** Fields as they stand in the head of a message. */
const linesOf = (fields: readonly string[]): string => {
  let lines = '';
  for (let i = 0; i + 1 < fields.length; i += 2) lines += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return lines;
};

/** Stands in a text for the requests that are left: neither a number nor a name of a policy looks like it. */
const LEFT = -0.5;

/** The text around the numbers that differ from caller to caller, and when it was right. */
interface Frame {
  readonly quota: number;
  readonly resetAt: number;
  readonly second: number;
  readonly parts: readonly string[];
}

/**
 * The fields of `rateLimitFields` as lines of a head. Most callers of a policy differ in one number only: the rest
 * is put together once a second, and in one piece, since the many small ones have to be copied together anyway.
 */
export class LimitLines {
  private readonly frames = new WeakMap<Allowance, Frame>();

  constructor(private readonly switches: HeaderSwitches) {}

  /** @param rulings of a request that was allowed */
  of(rulings: readonly Ruling[], now: number): string {
    const [only] = rulings;
    if (rulings.length !== 1 || !only?.verdict?.allowed || only.verdict.from === 'open')
      return linesOf(rateLimitFields(rulings, null, this.switches, now));
    const { allowance, verdict } = only;
    const second = Math.ceil((verdict.resetAt - now) / 1000);
    let frame = this.frames.get(allowance);
    if (frame?.second !== second || frame.resetAt !== verdict.resetAt || frame.quota !== verdict.quota) {
      frame = {
        quota: verdict.quota,
        resetAt: verdict.resetAt,
        second,
        parts: this.parts(allowance, verdict, now),
      };
      this.frames.set(allowance, frame);
    }
    return frame.parts.join(String(verdict.remaining));
  }

  private parts(allowance: Allowance, verdict: Verdict, now: number): string[] {
    const ruling = { allowance, verdict: { ...verdict, remaining: LEFT } };
    return linesOf(rateLimitFields([ruling], null, this.switches, now)).split(String(LEFT));
  }
}
