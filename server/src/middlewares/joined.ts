/** By how much the lines of one answer may be longer than those of the first. */
const SPARE = 64;

/**
 * Head and body in one piece of memory, which a socket takes for less than two. What answers of one entry say each for
 * itself, as the numbers of rate limits, is written over where it stands.
 */
export class Joined {
  private readonly memory: Buffer;
  private bytes: Buffer;

  /**
   * @param lines of the head, in one byte a character
   * @param more lines of the first answer
   */
  constructor(
    private readonly lines: string,
    private more: string,
    private readonly body: Buffer,
  ) {
    // not from Node's pool, whose memory stays as long as one part of it is in use
    this.memory = Buffer.allocUnsafeSlow(lines.length + more.length + 2 + body.byteLength + SPARE);
    this.memory.write(lines, 'latin1');
    this.bytes = this.end(more);
  }

  /**
   * Not while a socket still has the bytes of another answer.
   * @returns null where there is no room for these lines
   */
  with(more: string): Buffer | null {
    const longer = more.length - this.more.length;
    if (longer !== 0) {
      if (this.bytes.byteLength + longer > this.memory.byteLength) return null;
      this.bytes = this.end(more);
    } else if (more !== this.more) {
      this.memory.write(more, this.lines.length, 'latin1');
    }
    this.more = more;
    return this.bytes;
  }

  private end(more: string): Buffer {
    const { memory, lines, body } = this;
    const start = lines.length + memory.write(`${more}\r\n`, lines.length, 'latin1');
    memory.set(body, start);
    return memory.subarray(0, start + body.byteLength);
  }
}
