import { Agent, fetch } from 'undici';
import { REPEATING, type CallerName, type ReadRequest } from './protocol';
import type { StrapiProcess } from './processes';

export interface Answer {
  readonly status: number;
  readonly type: string;
  /** `Content-Length`, or that the body came compressed: then only what it was before is compared. */
  readonly length: string | null;
  readonly body: string;
  /** `X-Cache` and `Cache-Status` of the cached side. */
  readonly outcome: string;
  readonly detail: string;
}

/** More than it takes until the plugin answers a connection before Node has read its requests. */
const OFTEN = 60;
const REPEATED: ReadRequest = { url: '/api/tags', method: 'GET', caller: 'anonymous' };

/** Sends reads as one of the callers. */
export class Exchange {
  private readonly authorizations = new Map<CallerName, string | null>();
  /** One connection that repeats itself. */
  private repeating: Agent | null = null;
  private anonymous = 0;
  private sentRepeats = 0;

  constructor(private readonly tokensFrom: StrapiProcess) {}

  async learn(callers: readonly CallerName[]): Promise<void> {
    for (const caller of callers)
      this.authorizations.set(caller, await this.tokensFrom.ask('authorize', caller));
  }

  /**
   * From now on every second anonymous `GET` to the process that knows the callers goes through a connection that has
   * repeated itself, and twice where it is a hit.
   */
  async beginToRepeat(): Promise<void> {
    this.repeating = new Agent({ connections: 1, keepAliveTimeout: 600_000 });
    for (let i = 0; i < OFTEN; i++) await this.send(this.tokensFrom, REPEATED, this.repeating);
    this.sentRepeats = await this.tokensFrom.ask('repeatsRead', undefined);
  }

  /** How many of them were answered before Node had read them. */
  async endRepeating(): Promise<number> {
    await this.repeating?.close();
    this.repeating = null;
    return this.sentRepeats - (await this.tokensFrom.ask('repeatsRead', undefined));
  }

  async read(from: StrapiProcess, request: ReadRequest): Promise<Answer> {
    const { repeating } = this;
    const { method, caller } = request;
    // after a HEAD this client opens another connection
    const may = from === this.tokensFrom && caller === 'anonymous' && method === 'GET';
    if (repeating === null || !may || this.anonymous++ % 2 === 1) return this.send(from, request);
    const answer = await this.send(from, request, repeating);
    return answer.outcome === 'HIT' ? this.send(from, request, repeating) : answer;
  }

  /** @param repeating the connection to send it through */
  private async send(from: StrapiProcess, request: ReadRequest, repeating?: Agent): Promise<Answer> {
    const authorization = this.authorizations.get(request.caller);
    if (repeating) this.sentRepeats++;
    const response = await fetch(from.origin + request.url, {
      method: request.method,
      headers: {
        ...request.headers,
        ...(authorization && { authorization }),
        ...(repeating && { 'user-agent': REPEATING }),
      },
      ...(repeating && { dispatcher: repeating }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      length: response.headers.has('content-encoding') ? ENCODED : response.headers.get('content-length'),
      body: await response.text(),
      outcome: response.headers.get('x-cache') ?? '',
      detail: response.headers.get('cache-status') ?? '',
    };
  }
}

/** Answers are the same when status, content type and bytes are. */
export const sameAnswer = (a: Answer, b: Answer): boolean =>
  a.status === b.status && a.type === b.type && sameLength(a, b) && a.body === b.body;

const ENCODED = 'encoded';

const sameLength = (a: Answer, b: Answer): boolean =>
  a.length === b.length || a.length === ENCODED || b.length === ENCODED;

/** The first place where two bodies differ, for people. */
export function difference(cached: Answer, right: Answer): string {
  if (cached.status !== right.status) return `status ${cached.status}, right is ${right.status}`;
  if (cached.type !== right.type) return `type ${cached.type}, right is ${right.type}`;
  let at = 0;
  while (at < right.body.length && cached.body[at] === right.body[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 120), at + 120);
  return `at ${at} of ${right.body.length}:\n      cached ${around(cached.body)}\n      right  ${around(right.body)}`;
}
