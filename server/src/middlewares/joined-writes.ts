import type { Socket } from 'node:net';
import { Joined } from './joined';
import type { MadeHead } from './made-head';

/** Bodies up to here, in bytes, are joined with their head. */
const LARGEST_BODY = 32 * 1024;

/** A head that was sent so often in its second is joined with its body: the memory of others is better left to bodies. */
const OFTEN = 32;

/** For everything that is joined, in bytes. */
const ROOM = 4 * 1024 * 1024;

/** After so many milliseconds nothing that was joined is right any more: ages have changed. */
const LASTS_MS = 1000;

/** So many slow clients may hold on to what was joined for them. */
const MOST_HELD = 200;

type Done = (error?: Error | null) => void;

/**
 * Writes heads and bodies, by the functions with which a socket writes for its stream. A head that is sent again goes
 * out in one piece with its body: copying the two together once a second, when the age changes, costs less than having
 * the socket take two.
 */
export class JoinedWrites {
  private readonly kept: MadeHead[] = [];
  private bytes = 0;
  private emptiedAt = -Infinity;
  private held = 0;

  /** @param now milliseconds */
  constructor(private readonly now = () => performance.now()) {}

  /**
   * @param socket in whose stream nothing waits
   * @param more lines of this one answer
   */
  write(socket: Socket, head: MadeHead, more: string, body: Buffer, done: Done): void {
    const piece = this.pieceOf(head, more, body);
    if (piece === null) return inTwo(socket, head.with(more), body, done);
    let state: 'new' | 'taken' | 'held' = 'new';
    socket._write(piece, 'buffer' as BufferEncoding, (error) => {
      if (state === 'held') this.held--;
      state = 'taken';
      done(error);
    });
    if ((state as string) === 'taken') return;
    // the other side reads slowly, and the bytes must stay as they are until it has read them
    state = 'held';
    this.held++;
    head.joined = null;
  }

  private pieceOf(head: MadeHead, more: string, body: Buffer): Buffer | null {
    if (this.held >= MOST_HELD) return null;
    const piece = head.joined?.with(more);
    if (piece) return piece;
    if (head.sent++ < OFTEN || body.byteLength > LARGEST_BODY) return null;
    const size = head.lines.length + body.byteLength;
    if (this.bytes + size > ROOM && !this.empty()) return null;
    this.kept.push(head);
    this.bytes += size;
    head.joined = new Joined(head.lines, more, body);
    return head.joined.with(more);
  }

  /** Gives up what was joined, unless it may still be asked for: to join everything anew all the time costs the most. */
  private empty(): boolean {
    const now = this.now();
    if (now - this.emptiedAt < LASTS_MS) return false;
    this.emptiedAt = now;
    for (const old of this.kept.splice(0)) old.joined = null;
    this.bytes = 0;
    return true;
  }
}

function inTwo(socket: Socket, head: string, body: Buffer, done: Done): void {
  const pieces = [
    { chunk: head, encoding: 'latin1' as BufferEncoding },
    { chunk: body, encoding: 'buffer' as BufferEncoding },
  ];
  socket._writev!(pieces, done);
}
