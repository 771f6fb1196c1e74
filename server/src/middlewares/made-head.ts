/** Bodies up to here are put behind their head; larger ones cost more to copy than a second system call's vector. */
const LARGEST_BODY = 32 * 1024;

/** For all of them, in bytes: what is asked for more than once a second has room in it. */
const ROOM = 4 * 1024 * 1024;

/** The head of a hit as it goes out on a kept connection, for as long as its entry says the same. */
export class MadeHead {
  /** With which lines it was last asked for. */
  asked: string | null = null;
  /** That head and the body, in one piece of memory. */
  piece: Buffer | null = null;

  private readonly plain: string;

  /**
   * @param opening what the head begins with, to tell whether it still does
   * @param lines all of it but the empty line at its end
   */
  constructor(
    readonly opening: object,
    private readonly lines: string,
  ) {
    this.plain = `${lines}\r\n`;
  }

  /** @param more lines of one answer, beside those of the entry */
  text(more: string): string {
    return more === '' ? this.plain : `${this.lines}${more}\r\n`;
  }
}

/**
 * Hits as one piece of memory each, which the socket takes for less than two. A piece is copied together when its head
 * is asked for the second time, and good until the age changes.
 */
export class Pieces {
  private readonly kept: MadeHead[] = [];
  private bytes = 0;

  /** @returns null where it is not worth it */
  of(head: MadeHead, more: string, body: Buffer): Buffer | null {
    if (head.asked !== more) {
      head.asked = more;
      head.piece = null;
      return null;
    }
    if (head.piece === null && body.byteLength <= LARGEST_BODY) this.keep(head, join(head.text(more), body));
    return head.piece;
  }

  private keep(head: MadeHead, piece: Buffer): void {
    // those of seconds that are over are here as well: nobody watches the clock for them
    if (this.bytes + piece.byteLength > ROOM) {
      for (const old of this.kept.splice(0)) old.piece = null;
      this.bytes = 0;
    }
    head.piece = piece;
    this.kept.push(head);
    this.bytes += piece.byteLength;
  }
}

function join(head: string, body: Buffer): Buffer {
  // not from Node's pool: what one piece shares with another stays in memory as long as either
  const piece = Buffer.allocUnsafeSlow(head.length + body.byteLength);
  piece.write(head, 'latin1');
  body.copy(piece, head.length);
  return piece;
}
