import { Backoff, within, type Time } from './time';

/** What fell, in outward terms. */
export interface Notice {
  readonly all: boolean;
  readonly tags: readonly string[];
  readonly paths: readonly string[];
  /** There were more paths than are listed. */
  readonly morePaths: boolean;
}

export type OutboxEvent =
  | { readonly type: 'delayed'; readonly reason: string }
  | { readonly type: 'recovered' }
  | { readonly type: 'dropped'; readonly reason: string }
  | { readonly type: 'left' };

export interface OutboxParts {
  /** Rejects with the reason when the receiver has not taken it. */
  readonly send: (notice: Notice) => Promise<void>;
  readonly time: Time;
  /** Milliseconds in which notices are gathered before they are sent. */
  readonly window: number;
  readonly onEvent: (event: OutboxEvent) => void;
}

/** More tags than this are everything. */
const MOST_TAGS = 2000;
const MOST_PATHS = 500;
/** Attempts in a row after which what waits is dropped: with their pauses, up to nine minutes. */
const MOST_ATTEMPTS = 15;

/** Notices for one receiver, gathered, sent one after the other and retried. What waits is one notice, however long. */
export class Outbox {
  private all = false;
  private readonly tags = new Set<string>();
  private readonly paths = new Set<string>();
  private morePaths = false;
  private sending: Promise<void> | null = null;
  private cancel: (() => void) | null = null;
  private failures = 0;
  private closed = false;
  private readonly backoff: Backoff;

  constructor(private readonly parts: OutboxParts) {
    this.backoff = new Backoff(1000, 60_000, () => parts.time.random());
  }

  add(notice: Partial<Notice>): void {
    this.merge(notice);
    if (this.closed || this.cancel || this.sending || this.isEmpty) return;
    this.wait(this.parts.window);
  }

  /** Sends what waits at once, and gives up what is not taken within so many milliseconds. */
  async drain(milliseconds: number): Promise<void> {
    this.closed = true;
    this.cancel?.();
    this.cancel = null;
    await within(this.parts.time, milliseconds, this.finish(), () => {});
    if (!this.isEmpty || this.sending) this.parts.onEvent({ type: 'left' });
  }

  private get isEmpty(): boolean {
    return !this.all && this.tags.size === 0 && this.paths.size === 0;
  }

  private async finish(): Promise<void> {
    await this.sending;
    if (!this.isEmpty) await this.start();
  }

  private wait(milliseconds: number): void {
    this.cancel = this.parts.time.after(milliseconds, () => {
      this.cancel = null;
      void this.start();
    });
  }

  private start(): Promise<void> {
    this.sending = this.attempt().finally(() => {
      this.sending = null;
      if (this.closed || this.isEmpty || this.cancel) return;
      this.wait(this.failures > 0 ? this.backoff.next() : this.parts.window);
    });
    return this.sending;
  }

  private async attempt(): Promise<void> {
    const notice = this.take();
    try {
      await this.parts.send(notice);
      if (this.failures > 0) this.parts.onEvent({ type: 'recovered' });
      this.failures = 0;
      this.backoff.reset();
    } catch (error) {
      this.failed(notice, error instanceof Error ? error.message : 'unknown');
    }
  }

  private failed(notice: Notice, reason: string): void {
    this.failures++;
    if (this.failures < MOST_ATTEMPTS) {
      this.merge(notice);
      if (this.failures === 1) this.parts.onEvent({ type: 'delayed', reason });
      return;
    }
    this.take();
    this.failures = 0;
    this.backoff.reset();
    this.parts.onEvent({ type: 'dropped', reason });
  }

  private merge({ all, tags = [], paths = [], morePaths }: Partial<Notice>): void {
    for (const tag of tags) this.tags.add(tag);
    for (const path of paths)
      if (this.paths.size < MOST_PATHS) this.paths.add(path);
      else if (!this.paths.has(path)) this.morePaths = true;
    if (morePaths) this.morePaths = true;
    if (all || this.tags.size > MOST_TAGS) this.all = true;
    if (this.all) this.tags.clear();
  }

  private take(): Notice {
    const { all, morePaths } = this;
    const notice = { all, tags: [...this.tags].sort(), paths: [...this.paths].sort(), morePaths };
    this.all = false;
    this.morePaths = false;
    this.tags.clear();
    this.paths.clear();
    return notice;
  }
}
