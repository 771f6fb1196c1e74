import type { Socket } from 'node:net';
import { Joined } from './joined';
import type { MadeHead } from './made-head';

/** Bodies up to here, in bytes, are joined with their head. */
const LARGEST_BODY = 32 * 1024;

/** For everything that is joined, in bytes: what is asked for more than once a second has room in it. */
const ROOM = 4 * 1024 * 1024;

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
  private held = 0;

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
    const again = head.sent;
    head.sent = true;
    return again && body.byteLength <= LARGEST_BODY ? this.join(head, more, body) : null;
  }

  private join(head: MadeHead, more: string, body: Buffer): Buffer | null {
    const joined = new Joined(head.lines, more, body);
    // those of seconds that are over are among them: nobody watches the clock for them
    if (this.bytes + joined.size > ROOM) {
      for (const old of this.kept.splice(0)) old.joined = null;
      this.bytes = 0;
    }
    this.kept.push(head);
    this.bytes += joined.size;
    head.joined = joined;
    return joined.with(more);
  }
}

function inTwo(socket: Socket, head: string, body: Buffer, done: Done): void {
  const pieces = [
    { chunk: head, encoding: 'latin1' as BufferEncoding },
    { chunk: body, encoding: 'buffer' as BufferEncoding },
  ];
  socket._writev!(pieces, done);
}
