import { Backoff, within, type Time } from './time';
import type { Purge, OnStoreEvent } from './store';
import type { TagClock } from './tag-clock';
import type { TagLog } from './tag-log';

/** A purge that may still have to be delivered. */
export interface PurgeJob {
  /** Unique among all processes and restarts. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly all: boolean;
}

/**
 * Keeps purges that could not be delivered beyond the life of the process. Shared by all instances of an app:
 * whoever starts next delivers what it finds. A purge delivered twice costs misses and nothing else.
 */
export interface PurgeJournal {
  add(job: PurgeJob): Promise<void>;
  /** Resolves too when the job is not there any more. */
  remove(id: string): Promise<void>;
  list(): Promise<readonly PurgeJob[]>;
}

/** Waiting purges are merged into one when there are this many. */
const MERGE_AT = 200;
/** More tags than this become a purge of everything. */
const MAX_TAGS = 10_000;

export interface PurgeQueueParts {
  readonly clock: TagClock;
  readonly log: TagLog;
  readonly time: Time;
  readonly journal: PurgeJournal | null;
  /** Milliseconds without an acknowledgement after which a purge is written down, before its write is answered. */
  readonly patience: number;
  readonly onEvent: OnStoreEvent;
  /** The log holds purges that are unknown here. */
  readonly onGap: () => void;
}

interface Delivery extends PurgeJob {
  journaled: Promise<boolean> | null;
  delayed: boolean;
  /** Stops the wait for its acknowledgement. */
  onTime: () => void;
  readonly settle: { readonly done: () => void; readonly left: (error: Error) => void }[];
}

/** Delivers purges to the log, however long that takes, and keeps their tags dirty in this process until then. */
export class PurgeQueue {
  private readonly pending = new Set<Delivery>();
  private waiting: Delivery[] = [];
  private cancelRetry: (() => void) | null = null;
  private retrying = false;
  private closed = false;
  private onEmpty: (() => void) | null = null;
  private ids = 0;
  private readonly backoff: Backoff;

  constructor(private readonly parts: PurgeQueueParts) {
    this.backoff = new Backoff(50, 5000, () => parts.time.random());
  }

  /** Purges that are not acknowledged. */
  get size(): number {
    return this.pending.size;
  }

  /**
   * The tags are dirty when this returns. The promise resolves when the log holds the purge; it rejects only when
   * the queue was drained before that.
   */
  submit(purge: Purge): Promise<void> {
    const tags = new Set([...(purge.tags ?? [])].map(portable));
    const all = purge.all === true || this.parts.clock.dirtyTags + tags.size > MAX_TAGS;
    if (!all && tags.size === 0) return Promise.resolve();
    const delivery = this.open({ id: this.nextId(), tags: all ? [] : [...tags], all });
    const delivered = new Promise<void>((done, left) => delivery.settle.push({ done, left }));
    delivered.catch(() => {});
    delivery.onTime = this.parts.time.after(this.parts.patience, () => void this.keep(delivery));
    void this.send([delivery]);
    return delivered;
  }

  /** Takes over what other processes have not delivered. Rejects when the journal cannot be read. */
  async recover(): Promise<void> {
    const jobs = (await this.parts.journal?.list()) ?? [];
    const known = new Set([...this.pending].map((it) => it.id));
    const found = jobs.filter((job) => !known.has(job.id)).map((job) => this.open(job));
    for (const delivery of found) {
      delivery.journaled = Promise.resolve(true);
      delivery.delayed = true;
    }
    if (found.length > 0) void this.send(found);
  }

  /** Tries what waits at once: the log has been heard of. */
  flush(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    if (this.retrying || this.waiting.length === 0) return;
    this.retrying = true;
    void this.send(this.waiting.splice(0)).finally(() => (this.retrying = false));
  }

  /** Waits that long for acknowledgements, then leaves what is not delivered to the journal. */
  async drain(milliseconds: number): Promise<void> {
    this.closed = true;
    this.backoff.reset();
    this.flush();
    if (this.pending.size > 0) {
      const empty = new Promise<void>((resolve) => (this.onEmpty = resolve));
      await within(this.parts.time, milliseconds, empty, () => {});
    }
    this.cancelRetry?.();
    const left = [...this.pending];
    for (const delivery of left) delivery.onTime();
    if (left.length === 0) return;
    const kept = await Promise.all(left.map((delivery) => this.keep(delivery)));
    this.parts.onEvent({ type: 'purge-left', purges: left.length, journaled: kept.every(Boolean) });
    for (const it of left.flatMap((delivery) => delivery.settle))
      it.left(new Error('closed before the purge was delivered'));
  }

  private open(job: PurgeJob): Delivery {
    const delivery: Delivery = { ...job, journaled: null, delayed: false, onTime: () => {}, settle: [] };
    this.parts.clock.markDirty(job.tags, job.all, 1);
    this.pending.add(delivery);
    return delivery;
  }

  private async send(deliveries: readonly Delivery[]): Promise<void> {
    const { clock, log } = this.parts;
    const { tags, all } = together(deliveries);
    try {
      const ack = await log.purge(tags, all, clock.witness);
      // One synchronous block: a tag leaves `dirty` only together with the rise of its clock.
      if (!clock.acknowledge(ack, tags)) this.parts.onGap();
      for (const delivery of deliveries) this.close(delivery);
    } catch (error) {
      this.park(deliveries, error instanceof Error ? error.message : 'unknown');
      return;
    }
    if (deliveries.some((it) => it.delayed))
      this.parts.onEvent({ type: 'purge-delivered', purges: deliveries.length });
    this.backoff.reset();
    this.flush();
  }

  private close(delivery: Delivery): void {
    delivery.onTime();
    this.parts.clock.markDirty(delivery.tags, delivery.all, -1);
    this.pending.delete(delivery);
    void this.drop(delivery);
    for (const it of delivery.settle) it.done();
    if (this.pending.size === 0) this.onEmpty?.();
  }

  private park(deliveries: readonly Delivery[], reason: string): void {
    for (const delivery of deliveries) {
      delivery.onTime();
      if (!delivery.delayed) {
        delivery.delayed = true;
        this.parts.onEvent({ type: 'purge-delayed', tags: delivery.tags.length, all: delivery.all, reason });
      }
      void this.keep(delivery);
    }
    this.waiting.push(...deliveries);
    if (this.waiting.length >= MERGE_AT) this.merge();
    this.cancelRetry ??= this.parts.time.after(this.backoff.next(), () => {
      this.cancelRetry = null;
      this.flush();
    });
  }

  /** A long outage must not grow the journal without end. */
  private merge(): void {
    const parts = this.waiting.splice(0);
    const whole = this.open({ id: this.nextId(), ...together(parts) });
    whole.settle.push(...parts.flatMap((it) => it.settle.splice(0)));
    whole.delayed = true;
    this.waiting.push(whole);
    void this.keep(whole).then((kept) => {
      for (const part of parts) if (kept) void this.drop(part);
    });
    for (const part of parts) {
      this.parts.clock.markDirty(part.tags, part.all, -1);
      this.pending.delete(part);
    }
  }

  /** @returns whether the journal holds it */
  private keep(delivery: Delivery): Promise<boolean> {
    const { journal } = this.parts;
    if (!journal) return Promise.resolve(false);
    const { id, tags, all } = delivery;
    return (delivery.journaled ??= journal.add({ id, tags, all }).then(
      () => true,
      (error: unknown) => {
        delivery.journaled = null;
        this.journalFailed(error);
        return false;
      },
    ));
  }

  private async drop(delivery: Delivery): Promise<void> {
    // Removing what is still being added would leave it there for ever.
    if (await delivery.journaled)
      await this.parts.journal?.remove(delivery.id).catch((error: unknown) => this.journalFailed(error));
  }

  private journalFailed(error: unknown): void {
    this.parts.onEvent({
      type: 'journal-failed',
      reason: error instanceof Error ? error.message : 'unknown',
    });
  }

  private nextId(): string {
    const { time } = this.parts;
    return `${Math.floor(time.now()).toString(36)}-${Math.floor(time.random() * 2 ** 48).toString(36)}-${(++this.ids).toString(36)}`;
  }
}

/** One purge in the place of several. */
function together(parts: readonly Delivery[]): Pick<PurgeJob, 'tags' | 'all'> {
  const tags = [...new Set(parts.flatMap((it) => it.tags))];
  const all = parts.some((it) => it.all) || tags.length > MAX_TAGS;
  return { tags: all ? [] : tags, all };
}

/** A lone surrogate would reach other processes as another character, and so as another tag. */
function portable(tag: string): string {
  return isPortable(tag) ? tag : Buffer.from(tag).toString();
}

/** Whether a tag is the same text for every process; an entry with another kind of tag must not be stored. */
export function isPortable(tag: string): boolean {
  return !/\p{Cs}/u.test(tag);
}
