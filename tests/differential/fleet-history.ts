import { difference, Exchange, sameAnswer, type Answer } from './exchange';
import type { Outages } from './fleet-outages';
import { FleetReport, type FleetFault } from './fleet-report';
import { Knowledge, readKey } from './fleet-knowledge';
import type { StrapiProcess } from './processes';
import type { CallerName, ReadRequest } from './protocol';
import { Random } from './random';
import { randomRead, sourceOf } from './reads';
import { randomWrite } from './writes';

export interface FleetHistoryOptions {
  readonly operations: number;
  readonly seed: number;
  readonly callers: readonly CallerName[];
  /** Milliseconds for which a write elsewhere may go unnoticed. */
  readonly lease: number;
  /** Milliseconds that a write waits for its purge, as configured. */
  readonly deadline: number;
  readonly outages: Outages | null;
  readonly progress: (text: string) => void;
}

const POOL = 100;
const WRITE_SHARE = 0.12;
const RENEWAL = 300;
/** The writer changes after so many operations. */
const TERM = 40;

/** Writes on one instance, reads on all, and every answer beside that of an application without a cache. */
export class FleetHistory {
  readonly report = new FleetReport();
  private readonly random: Random;
  private readonly exchange: Exchange;
  private readonly knowledge = new Knowledge();
  /** When a write of another instance was last answered, by the reader. */
  private readonly foreign: number[];
  private readonly said: string[] = [];
  private pool: ReadRequest[] = [];
  private writer = 0;

  constructor(
    private readonly fleet: readonly StrapiProcess[],
    private readonly plain: StrapiProcess,
    private readonly options: FleetHistoryOptions,
  ) {
    this.random = new Random(options.seed);
    this.exchange = new Exchange(plain);
    this.foreign = fleet.map(() => -Infinity);
  }

  async run(): Promise<FleetReport> {
    const { operations, outages, progress, callers } = this.options;
    await this.exchange.learn(callers);
    await this.renew(POOL);
    for (let done = 1; done <= operations; done++) {
      if (done % TERM === 0) this.writer = this.random.int(0, this.fleet.length - 1);
      if (outages) this.weather(outages);
      if (this.random.chance(WRITE_SHARE)) await this.write();
      else await this.read(this.pickRead(), this.pickReader());
      if (done % RENEWAL === 0) await this.renew(POOL / 8);
      if (done % 500 === 0)
        progress(`${done}: ${this.report.reads} reads, ${this.report.faults.length} faults`);
    }
    await this.rest();
    return this.report;
  }

  private weather(outages: Outages): void {
    outages.step();
    this.report.outages = outages.count;
  }

  private async settle(): Promise<void> {
    for (const it of this.fleet)
      for (let tries = 0; (await it.ask('delivered', 500)) > 0; tries++) {
        if (tries > 100) throw new Error('purges stay undelivered although Redis is back');
        await pause(100);
      }
    await pause(this.options.lease + 50);
  }

  private async write(): Promise<void> {
    const { report, writer } = this;
    const operation = randomWrite(this.random);
    const number = this.said.length;
    const { said, error } = await this.process(writer).ask('write', { operation, number });
    // As a request would, which is answered when its purges are delivered or have had their time.
    await this.process(writer).ask('delivered', this.options.deadline);
    report.writes++;
    if (error !== null) report.failedWrites++;
    this.said.push(
      `${number} on ${writer}: ${operation.kind} ${operation.seed} ${(error ?? said).slice(0, 200)}`,
    );
    const now = performance.now();
    this.foreign.forEach((_, i) => {
      if (i !== writer) this.foreign[i] = now;
    });
  }

  private async read(request: ReadRequest, reader: number): Promise<void> {
    const { report, knowledge } = this;
    const sentAt = performance.now();
    const answer = await this.ask(request, reader);
    if (!answer) return;
    const right = await this.exchange.read(this.plain, request);
    const rightAt = performance.now();
    report.reads++;
    if (this.options.outages?.now) report.readsInOutages++;
    if (answer.outcome === 'HIT') report.hits++;
    if (!sameAnswer(answer, right)) await this.judge(request, reader, answer, right, sentAt);
    knowledge.saw(request, right, rightAt);
  }

  /** An answer that is not the right one now: was it the right one at any moment that the lease allows? */
  private async judge(
    request: ReadRequest,
    reader: number,
    answer: Answer,
    right: Answer,
    sentAt: number,
  ): Promise<void> {
    const { report, options } = this;
    if (!sameAnswer(await this.exchange.read(this.plain, request), right)) return; // not a definite one
    if (answer.status >= 500 && right.status < 500)
      return this.fault('failed', request, reader, answer, right);
    const age = sentAt - (this.foreign[reader] ?? -Infinity);
    if (age > options.lease) {
      const own = reader === this.writer ? 'writer' : 'others';
      return this.fault(own, request, reader, answer, right);
    }
    report.withinLease++;
    report.oldest = Math.max(report.oldest, age);
    if (this.knowledge.replacedBefore(request, answer, sentAt - options.lease))
      return this.fault('older', request, reader, answer, right);
    await pause(options.lease - (performance.now() - (this.foreign[reader] ?? 0)) + 5);
    const later = await this.ask(request, reader);
    const then = await this.exchange.read(this.plain, request);
    if (later && !sameAnswer(later, then)) await this.fault('others', request, reader, later, then);
  }

  /** The end: no writes any more, and every instance answers every URL as it is. */
  private async rest(): Promise<void> {
    this.options.outages?.end();
    await this.settle();
    for (const request of this.pool) {
      const right = await this.exchange.read(this.plain, request);
      for (let reader = 0; reader < this.fleet.length; reader++) {
        const answer = await this.ask(request, reader);
        if (!answer || sameAnswer(answer, right)) continue;
        if (!sameAnswer(await this.exchange.read(this.plain, request), right)) continue;
        await this.fault('rest', request, reader, answer, right);
      }
    }
  }

  private async ask(request: ReadRequest, reader: number): Promise<Answer | null> {
    try {
      return await this.exchange.read(this.process(reader), request);
    } catch (error) {
      this.report.faults.push({ kind: 'failed', text: `${readKey(request)} on ${reader}: ${String(error)}` });
      return null;
    }
  }

  private async fault(
    kind: FleetFault,
    request: ReadRequest,
    reader: number,
    answer: Answer,
    right: Answer,
  ): Promise<void> {
    const why = await this.process(reader).ask('explain', {
      url: request.url,
      caller: request.caller,
      since: Math.max(0, this.said.length - 12),
    });
    const lines = [
      `${kind}: ${readKey(request)} on ${reader}, writer ${this.writer}, ${this.options.outages?.now ?? 'no outage'}`,
      `  ${answer.outcome} ${answer.detail}`,
      `  ${difference(answer, right)}`,
      `  right before: ${this.knowledge.history(request)}`,
      ...this.said.slice(-12).map((it) => `  ${it}`),
      `  tags: ${(why?.tags ?? []).join(' ').slice(0, 1500)}`,
    ];
    this.report.faults.push({ kind, text: lines.join('\n') });
  }

  private async renew(count: number): Promise<void> {
    const source = sourceOf(await this.plain.ask('catalog', undefined), this.random);
    const fresh: ReadRequest[] = [];
    for (let tries = 0; fresh.length < count && tries < count * 10; tries++) {
      const read = randomRead(source, this.options.callers);
      const { status } = await this.exchange.read(this.plain, { ...read, method: 'GET' });
      if (status === 200 || (status < 500 && this.random.chance(0.05))) fresh.push(read);
    }
    this.pool = [...this.random.sample(this.pool, POOL - fresh.length), ...fresh];
  }

  private pickRead(): ReadRequest {
    // some are asked for again and again, as the front page of a site is
    return this.random.pick(this.random.chance(0.5) ? this.pool.slice(-15) : this.pool);
  }

  private pickReader(): number {
    return this.random.chance(0.25) ? this.writer : this.random.int(0, this.fleet.length - 1);
  }

  private process(index: number): StrapiProcess {
    const found = this.fleet[index];
    if (!found) throw new Error(`no instance ${index}`);
    return found;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
