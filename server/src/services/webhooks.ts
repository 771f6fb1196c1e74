import { createHmac, randomUUID } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { ResolvedConfig } from '../config/schema';
import { Outbox, type Notice, type OutboxEvent } from '../core/outbox';
import type { Entry } from '../core/entry';
import { systemTime } from '../stores/system-time';
import type { OutwardPurges } from '../strapi/outward-purges';
import { delivered } from '../strapi/writes/purges';
import { pathOf } from './entry-walk';

type Receiver = ResolvedConfig['downstream']['webhooks'][number];

/** Notices are gathered so long, milliseconds, and longer where other instances learn of a purge later. */
const WINDOW_MS = 250;
/** A shared store that does not answer delays the notice so long: by then other instances trust nothing. */
const PATIENCE_MS = 5_000;
const DRAIN_MS = 5_000;
/** More purges than this that are not put into words yet are everything. */
const MOST_WAITING = 500;

/** Tells receivers outside what was purged. Nobody waits for them. */
export class Webhooks {
  private readonly boxes: readonly { readonly box: Outbox; readonly paths: boolean }[];
  private last = Promise.resolve();
  private waiting = 0;

  /** @param lease milliseconds that other instances may go on answering with what was purged */
  constructor(
    private readonly log: Core.Strapi['log'],
    receivers: readonly Receiver[],
    private readonly outward: OutwardPurges,
    lease: number,
  ) {
    this.boxes = receivers.map((receiver, number) => ({
      paths: receiver.paths,
      box: new Outbox({
        // a front end that comes back at once must not be given what another instance still holds
        window: WINDOW_MS + lease,
        time: systemTime,
        send: (notice) => sendWebhook(receiver, notice, Date.now()),
        onEvent: (event) =>
          logEvent(log, `[upstash-cache] webhook ${number + 1} (${new URL(receiver.url).host})`, event),
      }),
    }));
  }

  get wantsPaths(): boolean {
    return this.boxes.some(({ paths }) => paths);
  }

  /**
   * @param tags null for everything
   * @param delivery resolves when other instances will learn of it
   */
  purged(tags: ReadonlySet<string> | null, delivery: Promise<void>): void {
    const known = this.waiting < MOST_WAITING ? tags : null;
    const arrived = delivered(delivery, PATIENCE_MS);
    this.waiting++;
    // one after the other: purges reach the receivers in their order, and the database is asked once at a time
    this.last = this.last
      .then(() => this.tell(known, arrived))
      .catch(
        (error: unknown) =>
          void this.log.error(`[upstash-cache] a purge was not told to webhooks: ${String(error)}`),
      )
      .finally(() => this.waiting--);
  }

  /** Entries of this process that fell. */
  fell(entries: readonly Entry[]): void {
    const paths = entries.flatMap((entry) => (entry.principal === 'public' ? (pathOf(entry) ?? []) : []));
    if (paths.length > 0) for (const { box, paths: wanted } of this.boxes) if (wanted) box.add({ paths });
  }

  async drain(): Promise<void> {
    await this.last;
    await Promise.all(this.boxes.map(({ box }) => box.drain(DRAIN_MS)));
  }

  private async tell(tags: ReadonlySet<string> | null, arrived: Promise<boolean>): Promise<void> {
    const outward = tags && (await this.outward.of(tags));
    await arrived;
    const notice = outward ? { tags: [...outward] } : { all: true };
    for (const { box } of this.boxes) box.add(notice);
  }
}

function logEvent(log: Core.Strapi['log'], name: string, event: OutboxEvent): void {
  switch (event.type) {
    case 'delayed':
      return void log.warn(`${name} did not take a purge: ${event.reason}. It is sent again until it does.`);
    case 'recovered':
      return void log.info(`${name} has taken what waited for it`);
    case 'dropped':
      return void log.error(
        `${name} was given up: ${event.reason}. What it caches may be old until it expires.`,
      );
    case 'left':
      return void log.error(`${name} did not take the last purges before Strapi stopped`);
  }
}

const SIGNATURE_HEADER = 'X-Upstash-Cache-Signature';

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
export async function sendWebhook(
  { url, secret }: Pick<Receiver, 'url' | 'secret'>,
  notice: Notice,
  now: number,
): Promise<void> {
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
