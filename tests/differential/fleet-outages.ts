import type { Bridge, Fault } from '../../scripts/lib/upstash-bridge.mjs';
import type { Random } from './random';

interface Phase {
  readonly name: string;
  readonly fault: (random: Random, command: string) => Fault | null;
}

const always = (name: string, fault: Fault): Phase => ({ name, fault: () => fault });
const sometimes = (name: string, fault: Fault, share: number, commands = /./): Phase => ({
  name,
  fault: (random, command) => (commands.test(command) && random.chance(share) ? fault : null),
});

const PHASES: readonly Phase[] = [
  always('drop', { kind: 'drop' }),
  always('hang', { kind: 'hang' }),
  always('500', { kind: 'answer', status: 500, body: '{"error":"ERR internal"}', type: 'application/json' }),
  always('html', { kind: 'answer', status: 200, body: '<html>Bad gateway</html>' }),
  sometimes('slow', { kind: 'delay', ms: 100 }, 0.5),
  sometimes('too slow', { kind: 'delay', ms: 400 }, 0.5),
  sometimes('drops half', { kind: 'drop' }, 0.5),
  sometimes('loses answers', { kind: 'lose' }, 0.3),
  sometimes('takes no purges', { kind: 'drop' }, 1, /^EVAL/),
];

/** Redis failing now and then, in phases of some operations. */
export class Outages {
  private phase: Phase | null = null;
  private left = 0;
  count = 0;

  constructor(
    private readonly bridge: Bridge,
    private readonly random: Random,
    /** Every fault that is made draws from here, however many there are: the history stays the same. */
    private readonly chances: Random,
  ) {}

  get now(): string | null {
    return this.phase?.name ?? null;
  }

  /** Before every operation. */
  step(): void {
    if (this.phase) {
      if (--this.left === 0) this.end();
      return;
    }
    if (!this.random.chance(1 / 60)) return;
    const phase = this.random.pick(PHASES);
    this.phase = phase;
    this.left = this.random.int(10, 60);
    this.count++;
    this.bridge.fault = (command) => phase.fault(this.chances, command);
  }

  end(): void {
    this.phase = null;
    this.bridge.fault = null;
  }
}
