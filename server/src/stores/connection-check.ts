import { within, type Time } from '../core/time';
import { RemoteError, timeout, type RemoteDriver } from './driver';
import { TOKEN_VARIABLE, URL_VARIABLE } from './upstash-address';

/**
 * What a first contact with Redis showed. `error`: the settings are wrong and waiting will not help. `warning`: it
 * cannot be reached now; the app runs without a shared cache until it can.
 */
export type ConnectionCheck =
  | { readonly ok: true; readonly roundTrip: number }
  | { readonly ok: false; readonly level: 'error' | 'warning'; readonly message: string };

export interface CheckOptions {
  readonly prefix: string;
  readonly time: Time;
  /** Milliseconds to wait; a first contact includes a TLS handshake. */
  readonly patience: number;
}

/** Asks once for something that needs the right to write and changes nothing. Never rejects. */
export async function checkConnection(driver: RemoteDriver, options: CheckOptions): Promise<ConnectionCheck> {
  const { time, prefix, patience } = options;
  const startedAt = time.monotonic();
  try {
    const answer = driver.command(['DEL', `${prefix}:probe`], 'purge');
    await within(time, patience, answer, () => Promise.reject(timeout(patience)));
    return { ok: true, roundTrip: time.monotonic() - startedAt };
  } catch (error) {
    return explain(error, driver.kind);
  }
}

function explain(error: unknown, kind: RemoteDriver['kind']): ConnectionCheck {
  const failure = error instanceof RemoteError ? error.failure : 'network';
  const reason = error instanceof Error ? error.message : 'unknown';
  const upstash = kind === 'upstash';
  const wrong = (message: string) => ({ ok: false, level: 'error', message }) as const;
  if (failure === 'auth') {
    if (!upstash) return wrong('Redis does not accept the user name or password in its URL.');
    return wrong(
      `Upstash does not accept ${TOKEN_VARIABLE}. Copy the token that belongs to ${URL_VARIABLE}.`,
    );
  }
  if (failure === 'forbidden') {
    if (!upstash) return wrong('The Redis user may not write.');
    return wrong(`${TOKEN_VARIABLE} is a read-only token. The cache needs the standard token.`);
  }
  if (failure === 'missing') return wrong(reason);
  const where = upstash ? `Upstash at ${URL_VARIABLE}` : 'Redis';
  return { ok: false, level: 'warning', message: `${where} cannot be reached (${reason}).` };
}
