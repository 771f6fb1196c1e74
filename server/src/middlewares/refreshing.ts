import type { IncomingMessage } from 'node:http';
import type { Core } from '@strapi/strapi';
import type { Refreshed, Refreshes } from '../core/refreshes';
import { selfRequest } from '../strapi/self-request';
import type { Visit } from './parts';

/** What a request to the application itself is made for. */
export interface RefreshTicket {
  readonly key: string;
  outcome: Refreshed;
}

/** Makes responses anew behind stale ones, through the whole application, with what their key covers and no more. */
export class Refreshing {
  private readonly tickets = new WeakMap<IncomingMessage, RefreshTicket>();

  constructor(
    private readonly refreshes: Refreshes,
    private readonly strapi: Core.Strapi,
  ) {}

  /** The refresh that a request was made for. */
  of(request: IncomingMessage): RefreshTicket | null {
    return this.refreshes.active === 0 ? null : (this.tickets.get(request) ?? null);
  }

  start(visit: Visit): void {
    this.refreshes.start(visit.key, visit.now, () => this.run(visit));
  }

  private async run({ ctx, plan, authorization, key }: Visit): Promise<Refreshed> {
    const { url = '' } = ctx.req;
    const headers: Record<string, string> = {};
    if (authorization !== undefined) headers.authorization = authorization;
    for (const name of plan.treatment.keyedHeaders) {
      const value = ctx.req.headers[name];
      if (value !== undefined) headers[name] = String(value);
    }
    await new Promise((resolve) => setImmediate(resolve)); // the caller's answer goes first
    const ticket: RefreshTicket = { key, outcome: 'dropped' };
    const begin = (request: IncomingMessage): void => void this.tickets.set(request, ticket);
    await selfRequest(this.strapi, { method: 'GET', url, headers, begin });
    return ticket.outcome;
  }
}
