import { Exchange, sameAnswer } from './exchange';
import type { StrapiProcess } from './processes';
import type { CallerName, ReadRequest, WriteOperation } from './protocol';
import type { Fault } from './report';
import { shrink } from './shrink';

/** One step of a history in which nothing runs beside anything else. */
export type Step = { readonly write: WriteOperation } | { readonly read: ReadRequest };

/** A cached and an uncached Strapi on a fresh copy of the seeded database, for as long as a trial takes. */
export type Trial = (
  use: (cached: StrapiProcess, plain: StrapiProcess) => Promise<boolean>,
) => Promise<boolean>;

export interface ShrinkOptions {
  readonly callers: readonly CallerName[];
  readonly milliseconds: number;
  readonly progress: (text: string) => void;
}

/** Repeats a history with fewer and fewer steps as long as its fault comes back, and tells the shortest for people. */
export async function shrinkFault(trial: Trial, fault: Fault, options: ShrinkOptions): Promise<string> {
  const until = Date.now() + options.milliseconds;
  const { read } = fault;
  let trials = 0;
  const fails = async (steps: readonly Step[]): Promise<boolean> => {
    const failed = await trial((cached, plain) => replay(cached, plain, steps, read, options.callers));
    options.progress(`trial ${++trials}: ${steps.length} steps, ${failed ? 'still fails' : 'right'}`);
    return failed;
  };
  // most often nobody else's reads have anything to do with it
  const own = fault.steps.filter((step) => 'write' in step || isSame(step.read, read));
  const start = (await fails(own)) ? own : (await fails(fault.steps)) ? fault.steps : null;
  if (start === null)
    return 'repeated, the history ends well: it depends on time, or on ids that are made anew';
  const shortest = await shrink(start, fails, () => Date.now() < until);
  return [
    `the shortest history found, ${shortest.length} of ${fault.steps.length} steps, in ${trials} trials:`,
    ...[...shortest, { read }].map((step, i) => `  ${i + 1}. ${textOf(step)}`),
  ].join('\n');
}

/** Whether the last read is answered wrongly after these steps. */
async function replay(
  cached: StrapiProcess,
  plain: StrapiProcess,
  steps: readonly Step[],
  last: ReadRequest,
  callers: readonly CallerName[],
): Promise<boolean> {
  const exchange = new Exchange(cached);
  await exchange.learn(callers);
  for (const [number, step] of steps.entries()) {
    if ('read' in step) await exchange.read(cached, step.read);
    else await cached.ask('write', { operation: step.write, number });
  }
  const answer = await exchange.read(cached, last);
  return answer.outcome === 'STALE' || !sameAnswer(answer, await exchange.read(plain, last));
}

const isSame = (a: ReadRequest, b: ReadRequest): boolean =>
  a.url === b.url && a.caller === b.caller && JSON.stringify(a.headers) === JSON.stringify(b.headers);

const textOf = (step: Step): string =>
  'write' in step
    ? `write ${step.write.kind}, seed ${step.write.seed}`
    : `${step.read.method} ${step.read.url} as ${step.read.caller}` +
      (step.read.headers ? ` with ${JSON.stringify(step.read.headers)}` : '');
