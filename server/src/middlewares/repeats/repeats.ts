import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { CachePlan } from '../../strapi/plan';
import { Connection, type Answering } from './connection';
import { KnownHeads } from './known-heads';

/** The connections of a server that may repeat themselves. */
export class Repeats {
  private readonly connections = new WeakMap<Socket, Connection>();
  private readonly answering: Answering;

  /**
   * @param server whose connections are meant: a site may have others for the same application
   * @param answers see `Answering`
   */
  constructor(
    private readonly server: Server,
    answers: Omit<Answering, 'heads'>,
  ) {
    this.answering = { ...answers, heads: new KnownHeads() };
  }

  /** Tells of a hit that the socket of its request has taken at once. */
  answered(req: IncomingMessage, plan: CachePlan): void {
    const { socket } = req;
    let connection = this.connections.get(socket);
    if (connection === undefined) {
      if ((socket as { server?: unknown }).server !== this.server) return;
      connection = new Connection(socket, this.answering);
      this.connections.set(socket, connection);
    }
    connection.answered(req, plan);
  }
}
