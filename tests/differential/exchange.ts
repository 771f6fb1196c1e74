import { fetch } from 'undici';
import type { CallerName, ReadRequest } from './protocol';
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

/** Sends reads as one of the callers. */
export class Exchange {
  private readonly authorizations = new Map<CallerName, string | null>();

  constructor(private readonly tokensFrom: StrapiProcess) {}

  async learn(callers: readonly CallerName[]): Promise<void> {
    for (const caller of callers)
      this.authorizations.set(caller, await this.tokensFrom.ask('authorize', caller));
  }

  async read(from: StrapiProcess, request: ReadRequest): Promise<Answer> {
    const authorization = this.authorizations.get(request.caller);
    const response = await fetch(from.origin + request.url, {
      method: request.method,
      headers: { ...request.headers, ...(authorization && { authorization }) },
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
