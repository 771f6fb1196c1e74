import { sameAnswer, type Answer } from './exchange';
import type { ReadRequest } from './protocol';

interface Version {
  readonly answer: Answer;
  lastRightAt: number;
  /** When another answer was first known to be the right one; null while this is it. */
  replacedAt: number | null;
}

const KEPT = 12;

/** Which answers were right when, as far as the application without a cache was asked. */
export class Knowledge {
  private readonly versions = new Map<string, Version[]>();

  saw(request: ReadRequest, right: Answer, at: number): void {
    const key = readKey(request);
    const known = this.versions.get(key) ?? [];
    this.versions.set(key, known);
    const last = known.at(-1);
    if (last && sameAnswer(last.answer, right)) {
      last.lastRightAt = at;
      return;
    }
    if (last) last.replacedAt = at;
    known.push({ answer: right, lastRightAt: at, replacedAt: null });
    if (known.length > KEPT) known.shift();
  }

  /** Whether an answer was replaced before that moment, and not known to be right again since. */
  replacedBefore(request: ReadRequest, answer: Answer, moment: number): boolean {
    const versions = (this.versions.get(readKey(request)) ?? []).filter((it) =>
      sameAnswer(it.answer, answer),
    );
    const last = versions.at(-1);
    return last !== undefined && last.replacedAt !== null && last.replacedAt < moment;
  }

  history(request: ReadRequest): string {
    const now = performance.now();
    const ago = (at: number): string => `${Math.round(now - at)} ms ago`;
    return (this.versions.get(readKey(request)) ?? [])
      .slice(-4)
      .map((it) => `[${it.answer.body.length} bytes, right ${ago(it.lastRightAt)}]`)
      .join(' ');
  }
}

export const readKey = (it: ReadRequest): string =>
  `${it.caller} ${it.method} ${it.url} ${JSON.stringify(it.headers ?? {})}`;
