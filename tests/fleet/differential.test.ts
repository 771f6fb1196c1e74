import { describe, expect, it } from 'vitest';
import { openFleetBench, type FleetSetup } from '../differential/fleet-run';

const setups: readonly (Pick<FleetSetup, 'lease' | 'faults'> & { name: string; seed: number })[] = [
  { name: 'with a lease of one second', lease: 1000, faults: false, seed: 101 },
  { name: 'with a lease of 0', lease: 0, faults: false, seed: 102 },
  { name: 'with a Redis that fails now and then', lease: 1000, faults: true, seed: 103 },
];

describe('three instances answer as an application without a cache does', () => {
  it.each(setups)('$name', { timeout: 600_000 }, async ({ lease, faults, seed }) => {
    const common = { db: 'postgres', scale: 0.25, instances: 3, store: 'upstash' } as const;
    const bench = await openFleetBench({ ...common, lease, faults });
    try {
      const report = await bench.run({
        operations: 300,
        seed,
        callers: ['anonymous', 'readOnly', 'reader1'],
        progress: () => undefined,
      });
      expect(report.faults.map((it) => it.text)).toEqual([]);
      expect(report.hits).toBeGreaterThan(report.reads / 10);
    } finally {
      await bench.close();
    }
  });
});
