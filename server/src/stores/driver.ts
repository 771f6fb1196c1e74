/** An answer of Redis as the store reads it. */
export type Reply = string | number | null | readonly Reply[];

/** `lookup`: a request waits for it. `purge`: must get through, may take longer. */
export type Patience = 'lookup' | 'purge';

/** One connection to a Redis, over whatever protocol. Every method rejects with a `RemoteError`. */
export interface RemoteDriver {
  readonly kind: 'upstash' | 'redis';
  /** First line of every script, for what only this server understands. */
  readonly scriptHead: string;
  command(args: readonly (string | number)[], patience: Patience): Promise<Reply>;
  read(key: string): Promise<Buffer | null>;
  /** @param ttl milliseconds after which Redis drops it */
  write(key: string, value: Buffer, ttl: number): Promise<void>;
  /** Told when a deadline passed without an answer. */
  stalled?(): void;
  close(): Promise<void>;
}

export type RemoteFailure =
  | 'timeout'
  | 'network'
  /** Not tried: the circuit breaker is open. */
  | 'open'
  /** Wrong token or password. */
  | 'auth'
  /** The credentials are right but may not write. */
  | 'forbidden'
  /** Something answered that is not Redis. */
  | 'protocol'
  /** The database is full and refuses writes. */
  | 'full'
  /** The script is not known to the server yet. */
  | 'noscript'
  /** Redis refused the command for another reason. */
  | 'command'
  /** The client library is not installed. */
  | 'missing';

/** A failure of the remote store. The message names the command and never a value, a key or a secret. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';

  constructor(
    readonly failure: RemoteFailure,
    message: string,
  ) {
    super(message);
  }
}

/** @param deadline milliseconds */
export const timeout = (deadline: number): RemoteError =>
  new RemoteError('timeout', `no answer within ${deadline} ms`);

/** Reads the text of an error that Redis sent, and keeps of it only what cannot hold an argument. */
export function refusal(text: string, command: string): RemoteError {
  return new RemoteError(failureOf(text), `${command.toUpperCase()} refused: ${withoutArguments(text)}`);
}

function failureOf(text: string): RemoteFailure {
  if (text.includes('NOSCRIPT')) return 'noscript';
  if (/WRONGPASS|NOAUTH|invalid or missing auth token/i.test(text)) return 'auth';
  if (/NOPERM|READONLY/.test(text)) return 'forbidden';
  if (/\bOOM\b|maxmemory|(data|database|db|disk|storage) size/i.test(text)) return 'full';
  return 'command';
}

/** Redis repeats arguments behind quotes, colons and a few set phrases. */
function withoutArguments(text: string): string {
  return (text.split(/['"`[{:]|with args|command was/i)[0] ?? '').trim().slice(0, 80) || 'no reason given';
}
