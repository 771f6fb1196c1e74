import { createHmac, randomUUID } from 'node:crypto';
import type { Notice } from '../core/outbox';

export interface Receiver {
  readonly url: string;
  readonly secret: string;
}

export const SIGNATURE_HEADER = 'X-Upstash-Cache-Signature';

const TIMEOUT_MS = 10_000;

/**
 * The value of the signature header: `t=<epoch seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of the seconds, a dot
 * and the body. The receiver refuses what is older than a few minutes, so that nobody can send it again.
 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/**
 * Sends a notice to a receiver.
 * @throws Error that says what came back, and never the address or the secret
 */
export async function sendWebhook({ url, secret }: Receiver, notice: Notice, now: number): Promise<void> {
  const body = JSON.stringify({ id: randomUUID(), type: 'purge', at: now, ...notice });
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'strapi-plugin-upstash-cache',
      [SIGNATURE_HEADER]: signatureOf(secret, Math.floor(now / 1000), body),
    },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(reasonOf(error));
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`status ${response.status}`);
}

/** `fetch failed` has its reason in its cause; messages may hold the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'no connection';
}
