import { parseArgs } from 'node:util';
import { runFleet } from './fleet-cli';
import type { CallerName } from './protocol';
import { openBench, type Bench } from './histories';
import type { Fault } from './report';

const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '1' },
    db: { type: 'string', default: 'sqlite' },
    callers: { type: 'string', default: 'anonymous,readOnly,custom,fullAccess,reader1,reader2' },
    scale: { type: 'string', default: '0.25' },
    instances: { type: 'string', default: '1' },
    store: { type: 'string', default: 'upstash' },
    lease: { type: 'string', default: '1' },
    faults: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
    'shrink-minutes': { type: 'string', default: '10' },
  },
});

/** Seeds may be one number, a list, or a range such as `1-5`. */
function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [from = 1, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

const callers = values.callers.split(',') as CallerName[];

async function tellShortest(bench: Bench, fault: Fault): Promise<void> {
  const milliseconds = Number(values['shrink-minutes']) * 60_000;
  if (milliseconds === 0) return;
  console.log('repeating it with less and less:');
  const progress = (text: string): void => console.log(`  ${text}`);
  console.log(await bench.shrink(fault, { callers, milliseconds, progress }));
}

async function main(): Promise<void> {
  if (Number(values.instances) > 1) return runFleet(values, seedsOf(values.seed));
  const db = values.db === 'postgres' ? 'postgres' : 'sqlite';
  const bench = await openBench({ db, scale: Number(values.scale) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void bench.close().finally(() => process.exit(1)));
  const efficiencies: number[] = [];
  let faults = 0;
  try {
    for (const seed of seedsOf(values.seed)) {
      const started = Date.now();
      const report = await bench.run({
        operations: Number(values.ops),
        seed,
        concurrency: Number(values.concurrency),
        callers,
        failFast: !values['keep-going'],
        progress: (text) => console.log(`  ${text}`),
      });
      console.log(report.details());
      console.log(
        `seed ${seed}, ${db}, concurrency ${values.concurrency}, ${values.ops} operations in ` +
          `${Math.round((Date.now() - started) / 1000)} s: ${report.line()}`,
      );
      efficiencies.push(report.efficiency);
      faults += report.faults.length;
      const [fault] = report.faults;
      if (fault && fault.steps.length > 0 && !values['keep-going']) await tellShortest(bench, fault);
    }
  } finally {
    await bench.close();
  }
  const mean = efficiencies.reduce((sum, it) => sum + it, 0) / efficiencies.length;
  console.log(
    `${efficiencies.length} histories, ${faults} faults, mean efficiency ${(mean * 100).toFixed(1)} %`,
  );
  if (faults > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
