import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { CachePlan } from '../../strapi/plan';
import { isIdle } from '../idle-socket';
import type { JoinedWrites } from '../joined-writes';
import type { MadeHead } from '../made-head';
import type { KnownHeads, KnownRequest } from './known-heads';
import { headOf, LONGEST_HEAD } from './request-head';
import { isReadByNode } from './watchers';

/** One in so many hits of a connection is looked at, and so many of these in a row must have been known. */
const SAMPLE = 8;
const REPEATED = 4;

const PUSH = Readable.prototype.push;

const nothing = (): void => undefined;

/** Who knows the cache. */
export interface Answering {
  readonly heads: KnownHeads;
  /** @returns whether it was answered; if not, Node reads the request */
  answer(connection: Connection, known: KnownRequest): boolean;
  /** Called when Node has read what was not answered. */
  passed(): void;
}

/**
 * A kept connection. Node's parser and the objects that it makes of a request are a third of what a hit costs, so where
 * a connection repeats itself what arrives is looked up before Node reads it. That is right only where a request begins
 * and ends with what has arrived, and nothing is under way: what came before must have been one request, answered at once.
 */
export class Connection {
  private hits = 0;
  private repeated = 0;
  private readsFirst = false;
  /** What Node is reading. */
  private given: Buffer | null = null;
  /** Whether the next byte begins a request, and all before it are answered. */
  private between = false;
  /** Whether the client has not taken the last answer yet, and the timeout to set once it has. */
  private sending = false;
  private idle: number | null = null;

  constructor(
    readonly socket: Socket,
    private readonly answering: Answering,
  ) {}

  /** Tells of a hit that the socket has taken while its request was being read. */
  answered(req: IncomingMessage, plan: CachePlan): void {
    if (!this.readsFirst) {
      if (++this.hits % SAMPLE === 0) this.sample(req, plan);
      return;
    }
    const { given } = this;
    if (given === null || given.length > LONGEST_HEAD) return;
    const head = headOf(req);
    if (head?.length !== given.length || head !== given.toString('latin1')) return;
    this.answering.heads.learn(head, req, plan);
    this.between = true;
  }

  /**
   * Sends one more answer.
   * @param patience milliseconds that a client may take nothing of it, 0 for ever
   */
  send(writes: JoinedWrites, head: MadeHead, more: string, body: Buffer, patience: number): void {
    const { socket } = this;
    this.sending = true;
    writes.write(socket, head, more, body, this.taken);
    if (!this.sending) return;
    // the timeout for connections that nobody uses is not for this one
    this.idle = socket.timeout ?? 0;
    socket.setTimeout(patience);
  }

  private readonly taken = (error?: Error | null): void => {
    this.sending = false;
    if (error) this.socket.destroy(error);
    else if (this.idle !== null) this.socket.setTimeout(this.idle);
    this.idle = null;
  };

  private sample(req: IncomingMessage, plan: CachePlan): void {
    const head = headOf(req);
    const known = head !== null && this.answering.heads.learn(head, req, plan);
    this.repeated = known ? this.repeated + 1 : 0;
    // not while Node is reading
    if (this.repeated === REPEATED) setImmediate(() => this.readFirst());
  }

  /** Reads what arrives before Node from now on: whoever listens for `data` has the socket read what else Node's parser reads itself. */
  private readFirst(): void {
    const { socket } = this;
    if (this.readsFirst || socket.push !== PUSH || !isReadByNode(socket)) return;
    this.readsFirst = true;
    socket.on('data', nothing).off('data', nothing);
    socket.push = (chunk: Buffer | null, encoding) => this.arrived(chunk, encoding);
  }

  private arrived(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.between && chunk !== null && chunk.length <= LONGEST_HEAD && this.isFree()) {
      const known = this.answering.heads.get(chunk.toString('latin1'));
      if (known !== undefined && this.answering.answer(this, known)) return true;
    }
    this.between = false;
    // from here on the timeout is Node's
    this.idle = null;
    this.given = chunk;
    try {
      return PUSH.call(this.socket, chunk, encoding);
    } finally {
      this.given = null;
      this.answering.passed();
    }
  }

  private isFree(): boolean {
    return !this.sending && isIdle(this.socket) && isReadByNode(this.socket);
  }
}
