import { difference, Exchange, sameAnswer, type Answer } from './exchange';
import type { StrapiProcess } from './processes';
import type { CallerName, Explanation, ReadRequest, WriteOperation } from './protocol';
import { Random } from './random';
import type { Step } from './replay';
import { randomRead, sourceOf } from './reads';
import { Report } from './report';
import { randomWrite } from './writes';

export interface HistoryOptions {
  readonly operations: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly callers: readonly CallerName[];
  /** Ends at the first fault. */
  readonly failFast: boolean;
  readonly progress: (text: string) => void;
}

const POOL = 150;
const READ_SHARE = 0.85;
/** After so many operations a tenth of the URLs makes room for new ones, that know what was made meanwhile. */
const RENEWAL = 400;

interface Known {
  readonly answer: Answer;
  readonly write: number;
}

/** Runs reads and writes against the cached Strapi and compares its answers with those of the other one. */
export class History {
  readonly report = new Report();
  readonly writes: { operation: WriteOperation; said: string }[] = [];
  private readonly random: Random;
  private readonly exchange: Exchange;
  private pool: ReadRequest[] = [];
  private readonly served = new Map<string, Known>();
  private readonly steps: Step[] = [];

  constructor(
    private readonly cached: StrapiProcess,
    private readonly plain: StrapiProcess,
    private readonly options: HistoryOptions,
  ) {
    this.random = new Random(options.seed);
    this.exchange = new Exchange(cached);
  }

  async run(): Promise<Report> {
    const { operations, concurrency, progress } = this.options;
    await this.exchange.learn(this.options.callers);
    await this.renew(POOL);
    for (let done = 0; done < operations;) {
      if (concurrency === 1) {
        await this.step(done++);
      } else {
        done += await this.burst(concurrency);
      }
      if (done % RENEWAL < (concurrency === 1 ? 1 : concurrency * 8)) await this.renew(POOL / 10);
      if (done % 500 < (concurrency === 1 ? 1 : concurrency * 8)) progress(`${done}: ${this.report.line()}`);
      if (this.options.failFast && this.report.faults.length > 0) return this.report;
    }
    for (const read of this.pool) await this.read(read, operations);
    return this.report;
  }

  private async step(done: number): Promise<void> {
    if (this.random.chance(READ_SHARE)) {
      const read = this.random.pick(this.pool);
      await this.read(read, done);
      this.steps.push({ read });
    } else {
      const write = randomWrite(this.random);
      await this.perform(write);
      this.steps.push({ write });
    }
  }

  private async renew(count: number): Promise<void> {
    const source = sourceOf(await this.cached.ask('catalog', undefined), this.random);
    const fresh: ReadRequest[] = [];
    let refused = 0;
    for (let tries = 0; fresh.length < count && tries < count * 10; tries++) {
      const read = randomRead(source, this.options.callers);
      const { status } = await this.exchange.read(this.plain, { ...read, method: 'GET' });
      if (status !== 200 && ++refused > count / 10) continue; // refusals are worth a few of the places
      if (status < 500) fresh.push(read);
    }
    const kept = this.random.sample(this.pool, this.pool.length - fresh.length);
    this.pool = [...kept, ...fresh];
  }

  /** Clients that read and write at once; then every URL is compared at rest. */
  private async burst(clients: number): Promise<number> {
    const each = 8;
    const plans = Array.from({ length: clients }, () =>
      Array.from({ length: each }, () =>
        this.random.chance(READ_SHARE) ? this.random.pick(this.pool) : randomWrite(this.random),
      ),
    );
    await Promise.all(
      plans.map(async (plan) => {
        for (const step of plan) {
          if ('kind' in step) await this.perform(step);
          else await this.exchange.read(this.cached, step);
        }
      }),
    );
    for (const read of this.random.sample(this.pool, 40)) await this.read(read, this.report.reads);
    return clients * each;
  }

  private async perform(operation: WriteOperation): Promise<void> {
    const number = this.writes.length;
    const record = { operation, said: '(running)' };
    this.writes.push(record);
    const { said, error } = await this.cached.ask('write', { operation, number });
    record.said = error === null ? said : `${said}: ${error}`;
    this.report.writes++;
    this.report.count(this.report.kinds, operation.kind);
    if (said.startsWith('skipped')) this.report.skippedWrites++;
    if (error !== null) {
      this.report.failedWrites++;
      this.report.count(this.report.writeErrors, `${operation.kind}: ${error.slice(0, 260)}`);
    }
  }

  private async read(read: ReadRequest, operation: number): Promise<void> {
    const { report } = this;
    const answer = await this.exchange.read(this.cached, read);
    const right = await this.exchange.read(this.plain, read);
    const key = `${read.caller} ${read.method} ${read.url} ${JSON.stringify(read.headers ?? {})}`;
    const before = this.served.get(key);
    report.reads++;
    const hit = answer.outcome === 'HIT';
    // The sites under test have no stale window and no soft purge: there nothing stale may be served, right or not.
    if (answer.outcome === 'STALE') return this.fault(read, operation, answer, right, before);
    if (hit) report.hits++;
    if (answer.outcome === 'BYPASS') report.bypasses++;
    if (!sameAnswer(answer, right)) await this.fault(read, operation, answer, right, before);
    else if (
      before &&
      sameAnswer(before.answer, right) &&
      right.status === 200 &&
      read.method === 'GET' &&
      answer.outcome !== 'BYPASS'
    ) {
      report.unchanged++;
      if (hit) report.unchangedHits++;
      else await this.needless(read, before, answer);
    }
    if (answer.outcome === 'MISS' && right.status === 200 && /detail=/.test(answer.detail))
      report.count(
        report.unstored,
        `${/detail=("?[^";]+)/.exec(answer.detail)?.[1]} ${read.url.split('?')[0]}`,
      );
    this.served.set(key, { answer: right, write: this.writes.length });
  }

  private async needless(read: ReadRequest, before: Known, answer: Answer): Promise<void> {
    if (/detail=/.test(answer.detail))
      return this.report.noteNeedless([{ tag: `-|${answer.detail}`, cause: '' }], read.url);
    const why = await this.cached.ask('explain', { url: read.url, caller: read.caller, since: before.write });
    // the entry was made anew by this very read: what fell is told by the purges since the last one
    const purged = new Set(why?.purges.flatMap((it) => it.tags));
    const cause = new Map(why?.purges.flatMap((it) => it.tags.map((tag) => [tag, it.cause] as const)));
    const fallen = (why?.tags ?? []).filter((tag) => purged.has(tag));
    this.report.noteNeedless(
      fallen.map((tag) => ({ tag, cause: cause.get(tag) ?? '' })),
      `${read.caller} ${read.url} (${answer.detail})`,
    );
  }

  /**
   * Strapi asks for one of several rows without an order where it expects only one: for a version of a document of
   * which clients at once have made two, for the end of a relation to one that has two. Both are right answers then,
   * and which one PostgreSQL gives depends on nothing but the order in which rows lie on the disk.
   */
  private async isIndefinite(read: ReadRequest, answer: Answer): Promise<boolean> {
    let indefinite = false;
    for (const arrangement of ['ascending', 'descending'] as const) {
      if (!(await this.plain.ask('arrange', arrangement))) return false;
      indefinite ||= sameAnswer(await this.exchange.read(this.plain, read), answer);
    }
    // other answers without an order are no longer right either
    await this.cached.ask('forget', undefined);
    this.served.clear();
    return indefinite;
  }

  private async fault(
    read: ReadRequest,
    operation: number,
    answer: Answer,
    right: Answer,
    before: Known | undefined,
  ): Promise<void> {
    const again = await this.exchange.read(this.plain, read);
    if (answer.outcome !== 'STALE' && !sameAnswer(again, right)) return; // the right answer is not a definite one
    let kind: 'stale' | 'mixed' | 'wrong' = /^(HIT|STALE)$/.test(answer.outcome) ? 'stale' : 'wrong';
    for (const caller of this.options.callers) {
      if (caller === read.caller || answer.outcome !== 'HIT') continue;
      if (sameAnswer(await this.exchange.read(this.plain, { ...read, caller }), answer)) kind = 'mixed';
    }
    const since = before?.write ?? 0;
    const why = await this.cached.ask('explain', { url: read.url, caller: read.caller, since });
    if (await this.isIndefinite(read, answer)) {
      this.report.indefinite++;
      return this.options.progress(
        `indefinite at operation ${operation}: ${read.url} as ${read.caller}: ${difference(answer, right)}`,
      );
    }
    const lines = [
      `${kind} at operation ${operation}: ${read.method} ${read.url} as ${read.caller} (${answer.outcome} ${answer.detail})`,
      `   ${difference(answer, right)}`,
      `   last right before write ${since}; writes since:`,
      ...this.writes
        .slice(since)
        .slice(-25)
        .map(
          (it) =>
            `     ${this.writes.indexOf(it)} ${it.operation.kind} seed ${it.operation.seed}: ${it.said.slice(0, 420)}`,
        ),
      `   tags of the entry (${why?.tags.length ?? 0}): ${(why?.tags ?? []).join(' ').slice(0, 4000)}`,
      '   purged since, of the types and tables that the entry speaks of:',
      ...purgesNear(why).slice(-25),
    ];
    this.report.faults.push({ kind, read, operation, text: lines.join('\n'), steps: [...this.steps] });
    this.options.progress(`\n${lines.join('\n')}\n`); // what comes later may end the whole run
  }
}

/** What was purged that is near to an entry: tags of the same kind of thing. */
function purgesNear(why: Explanation | null): string[] {
  const things = new Set(why?.tags.map((tag) => tag.split('|')[1]));
  return (why?.purges ?? []).flatMap(({ write, cause, tags }) => {
    const near = tags.filter((tag) => things.has(tag.split('|')[1]));
    return near.length > 0 ? [`     ${write} ${cause}: ${near.join(' ').slice(0, 700)}`] : [];
  });
}
