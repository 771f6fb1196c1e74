import { table } from './fleet-report';
import { openFleetBench } from './fleet-run';
import type { CallerName } from './protocol';

export interface FleetArguments {
  readonly instances: string;
  readonly store: string;
  readonly lease: string;
  readonly faults: boolean;
  readonly db: string;
  readonly scale: string;
  readonly ops: string;
  readonly callers: string;
}

/** `--instances 3`: histories over several instances, and a table of what they came to. */
export async function runFleet(values: FleetArguments, seeds: readonly number[]): Promise<void> {
  const lease = Number(values.lease) * 1000;
  const store = values.store === 'redis' ? 'redis' : 'upstash';
  const db = values.db === 'sqlite' ? 'sqlite' : 'postgres';
  const { faults } = values;
  if (faults && store === 'redis') throw new Error('--faults are made by the bridge: --store upstash');
  const common = { db, store, lease, faults } as const;
  const bench = await openFleetBench({
    ...common,
    scale: Number(values.scale),
    instances: Number(values.instances),
  });
  const rows: Record<string, string | number>[] = [];
  let wrong = 0;
  try {
    for (const seed of seeds) {
      const started = Date.now();
      const report = await bench.run({
        operations: Number(values.ops),
        seed,
        callers: values.callers.split(',') as CallerName[],
        progress: (text) => console.log(`  ${text}`),
      });
      for (const fault of report.faults.slice(0, 5)) console.log(`\n${fault.text}\n`);
      wrong += report.faults.length;
      const took = Math.round((Date.now() - started) / 1000);
      rows.push({
        seed,
        store,
        lease: `${values.lease} s`,
        faults: faults ? 'yes' : 'no',
        ...report.row(),
        s: took,
      });
      console.log(table(rows));
    }
  } finally {
    await bench.close();
  }
  if (wrong > 0) process.exitCode = 1;
}
