import type { Requester } from '@upstash/redis';
import { Pool } from 'undici';
import { RemoteError, refusal } from './driver';
import { afterAnswers } from './system-time';

type UpstashRequest = Parameters<Requester['request']>[0];

export interface UpstashAddress {
  /** REST URL of the database; a path in it is kept. */
  readonly url: string;
  readonly token: string;
}

export interface RawRequest {
  readonly method: 'GET' | 'POST';
  /** Unencoded path segments behind the database's own path. */
  readonly path: readonly string[];
  readonly query?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** For messages: never holds an argument. */
  readonly command: string;
}

/** The connections to one Upstash database. No retries, no telemetry, and errors that hold no values. */
export class UpstashLink {
  /** Sent back with every command, so that own reads see own writes whichever replica answers. */
  private syncToken = '';
  private readonly pool: Pool;
  private readonly base: string;
  private readonly authorization: string;

  constructor({ url, token }: UpstashAddress) {
    const { origin, pathname } = new URL(url);
    this.base = pathname.replace(/\/+$/, '');
    this.authorization = `Bearer ${token}`;
    this.pool = new Pool(origin, { connections: 16, pipelining: 1, keepAliveTimeout: 60_000 });
  }

  /** @returns the body of a successful answer */
  async send(request: RawRequest, deadline: number): Promise<Buffer> {
    const { status, body } = await this.exchange(request, deadline);
    if (status === 200) return body;
    throw failure(status, body, request.command);
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async exchange(request: RawRequest, deadline: number): Promise<{ status: number; body: Buffer }> {
    const headers: Record<string, string> = { authorization: this.authorization, ...request.headers };
    if (this.syncToken) headers['upstash-sync-token'] = this.syncToken;
    const abort = new AbortController();
    const cancel = afterAnswers(deadline, () => abort.abort(new DOMException('', 'TimeoutError')));
    const path = `${this.base}/${request.path.map(encodeURIComponent).join('/')}${request.query ?? ''}`;
    try {
      const answer = await this.pool.request({
        method: request.method,
        path,
        headers,
        body: request.body ?? null,
        signal: abort.signal,
      });
      const token = answer.headers['upstash-sync-token'];
      if (typeof token === 'string') this.syncToken = token;
      return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
    } catch (error) {
      throw connectionFailure(error, request.command, deadline);
    } finally {
      cancel();
    }
  }
}

/** The requester of the Upstash SDK on our connections: `new Redis(requester)` speaks through it. */
export class UpstashRequester implements Requester {
  constructor(
    private readonly link: UpstashLink,
    private readonly deadline: number,
  ) {}

  async request<T>(request: UpstashRequest): Promise<{ result?: T; error?: string }> {
    const command = Array.isArray(request.body) ? String(request.body[0]) : 'command';
    const body = await this.link.send(
      {
        method: 'POST',
        path: request.path ?? [],
        body: JSON.stringify(request.body),
        headers: { 'content-type': 'application/json' },
        command,
      },
      this.deadline,
    );
    return parse<T>(body, command);
  }
}

/** @throws RemoteError when a body is not an answer to one command */
function parse<T>(body: Buffer, command: string): { result?: T; error?: string } {
  const value = json(body);
  if (typeof value !== 'object' || value === null || !('result' in value)) throw notRedis(200, command);
  return value as { result?: T; error?: string };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function failure(status: number, body: Buffer, command: string): RemoteError {
  const text = errorText(body);
  if (status === 401 || status === 403)
    return new RemoteError('auth', `${command.toUpperCase()}: status ${status}, the token is not accepted`);
  if (text === null || status >= 500) return notRedis(status, command);
  return refusal(text, command);
}

/** The error in a JSON or a RESP answer. */
function errorText(body: Buffer): string | null {
  if (body[0] === 0x2d) return body.toString('utf8', 1, Math.min(body.length, 500));
  const { error } = (json(body) ?? {}) as { error?: unknown };
  return typeof error === 'string' ? error : null;
}

function notRedis(status: number, command: string): RemoteError {
  return new RemoteError(
    'protocol',
    `${command.toUpperCase()}: an answer with status ${status} that is not from Redis`,
  );
}

function connectionFailure(error: unknown, command: string, deadline: number): RemoteError {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name === 'TimeoutError')
    return new RemoteError('timeout', `${command.toUpperCase()}: no answer within ${deadline} ms`);
  return new RemoteError(
    'network',
    `${command.toUpperCase()}: ${typeof code === 'string' ? code : 'connection failed'}`,
  );
}
