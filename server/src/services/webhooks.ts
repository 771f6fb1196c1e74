import { Outbox, type OutboxEvent } from '../core/outbox';
import type { Entry } from '../core/entry';
import type { Time } from '../core/time';
import type { OutwardPurges } from '../strapi/outward-purges';
import { delivered } from '../strapi/writes/purges';
import { pathOf } from './local-entries';
import { sendWebhook, type Receiver } from './webhook';

export interface WebhookOptions extends Receiver {
  readonly paths: boolean;
}

export interface WebhooksParts {
  readonly receivers: readonly WebhookOptions[];
  readonly outward: OutwardPurges;
  readonly time: Time;
  /** Milliseconds that other instances may go on answering with what was purged. */
  readonly lease: number;
  readonly log: {
    readonly info: (text: string) => void;
    readonly warn: (text: string) => void;
    readonly error: (text: string) => void;
  };
}

/** Notices are gathered so long, milliseconds, and longer where other instances learn of a purge later. */
const WINDOW_MS = 250;
/** A shared store that does not answer delays the notice so long: by then other instances trust nothing. */
const PATIENCE_MS = 5_000;
const DRAIN_MS = 5_000;

/** Tells receivers outside what was purged. Nobody waits for them. */
export class Webhooks {
  private readonly boxes: readonly { readonly box: Outbox; readonly paths: boolean }[];
  private readonly translating = new Set<Promise<void>>();

  constructor(private readonly parts: WebhooksParts) {
    const { receivers, time, lease, log } = parts;
    this.boxes = receivers.map((receiver, number) => ({
      paths: receiver.paths,
      box: new Outbox({
        // a front end that comes back at once must not be given what another instance still holds
        window: WINDOW_MS + lease,
        time,
        send: (notice) => sendWebhook(receiver, notice, time.now()),
        onEvent: (event) => tell(log, `webhook ${number + 1} (${new URL(receiver.url).host})`, event),
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
    const job = this.translate(tags, delivery)
      .catch((error: unknown) => this.parts.log.error(`a purge was not told to webhooks: ${String(error)}`))
      .finally(() => this.translating.delete(job));
    this.translating.add(job);
  }

  /** Entries of this process that fell. */
  fell(entries: readonly Entry[]): void {
    const paths = entries.flatMap((entry) => (entry.principal === 'public' ? (pathOf(entry) ?? []) : []));
    if (paths.length > 0) for (const { box, paths: wanted } of this.boxes) if (wanted) box.add({ paths });
  }

  async drain(): Promise<void> {
    await Promise.all(this.translating);
    await Promise.all(this.boxes.map(({ box }) => box.drain(DRAIN_MS)));
  }

  private async translate(tags: ReadonlySet<string> | null, delivery: Promise<void>): Promise<void> {
    const outward = tags && (await this.parts.outward.of(tags));
    await delivered(delivery, PATIENCE_MS);
    const notice = outward ? { tags: [...outward] } : { all: true };
    for (const { box } of this.boxes) box.add(notice);
  }
}

function tell(log: WebhooksParts['log'], name: string, event: OutboxEvent): void {
  switch (event.type) {
    case 'delayed':
      return log.warn(`${name} did not take a purge: ${event.reason}. It is sent again until it does.`);
    case 'recovered':
      return log.info(`${name} has taken what waited for it`);
    case 'dropped':
      return log.error(`${name} was given up: ${event.reason}. What it caches may be old until it expires.`);
    case 'left':
      return log.error(`${name} did not take the last purges before Strapi stopped`);
  }
}
