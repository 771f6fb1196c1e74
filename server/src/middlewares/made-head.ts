import type { Joined } from './joined';

/** The head of a hit as it goes out on a kept connection, for as long as its entry says the same. */
export class MadeHead {
  /** How often it was sent without being joined. */
  sent = 0;
  /** With the body, where it was sent so. */
  joined: Joined | null = null;

  private readonly plain: string;

  /**
   * @param opening what the head begins with, to tell whether it still does
   * @param lines all of it but the empty line at its end
   */
  constructor(
    readonly opening: object,
    readonly lines: string,
  ) {
    this.plain = `${lines}\r\n`;
  }

  /** @param more lines of one answer, beside those of the entry */
  with(more: string): string {
    return more === '' ? this.plain : `${this.lines}${more}\r\n`;
  }
}
