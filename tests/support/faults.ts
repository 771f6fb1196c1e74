import type { Patience, RemoteDriver, Reply } from '../../server/src/stores/driver';

/** Holds a command back or lets it fail: before it is sent, or after it has run. */
export type Gate = (command: string) => Promise<void> | void;

/** A driver around another one in which a test decides what goes wrong. */
export class FaultyDriver implements RemoteDriver {
  readonly kind: RemoteDriver['kind'];
  readonly scriptHead: string;
  before: Gate | null = null;
  after: Gate | null = null;
  readonly sent: string[] = [];
  private running = 0;

  constructor(private readonly inner: RemoteDriver) {
    this.kind = inner.kind;
    this.scriptHead = inner.scriptHead;
  }

  command(args: readonly (string | number)[], patience: Patience): Promise<Reply> {
    return this.pass(String(args[0]), () => this.inner.command(args, patience));
  }

  read(key: string): Promise<Buffer | null> {
    return this.pass('GET', () => this.inner.read(key));
  }

  write(key: string, value: Buffer, ttl: number): Promise<void> {
    return this.pass('SET', () => this.inner.write(key, value, ttl));
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** Resolves when no command is under way; for work that nobody waits for. */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.running > 0);
  }

  /** Resolves when a command of that name was sent last. */
  async settledAt(command: string): Promise<void> {
    while (this.sent.at(-1) !== command) await new Promise((resolve) => setImmediate(resolve));
  }

  private async pass<T>(command: string, run: () => Promise<T>): Promise<T> {
    this.sent.push(command);
    this.running++;
    try {
      const held = this.before?.(command);
      if (held) await held;
      const value = await run();
      const late = this.after?.(command);
      if (late) await late;
      return value;
    } finally {
      this.running--;
    }
  }
}

/** Fails the first `times` commands whose name matches. */
export function failing(name: RegExp, times = Infinity): Gate {
  let left = times;
  return (command) => {
    if (name.test(command) && left-- > 0) throw new Error('injected');
  };
}

/** Stops the first command whose name matches until `open` is called. */
export function barrier(name: RegExp): { gate: Gate; reached: Promise<void>; open: () => void } {
  let arrive = () => {};
  let open = () => {};
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  let used = false;
  const gate: Gate = (command) => {
    if (used || !name.test(command)) return;
    used = true;
    arrive();
    return opened;
  };
  return { gate, reached, open };
}
