import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from './histories';
import type { CallerName } from './protocol';

const CALLERS: CallerName[] = ['anonymous', 'readOnly', 'custom', 'fullAccess', 'reader1', 'reader2'];

/** A short history; `npm run test:differential` runs long ones, on PostgreSQL as well. */
describe('every answer is the one that an uncached Strapi would give', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench({ db: 'sqlite', scale: 0.15 });
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
  });

  const options = { callers: CALLERS, failFast: true, progress: () => undefined };

  it('one after the other', { timeout: 180_000 }, async () => {
    const report = await bench.run({ ...options, operations: 700, seed: 20250321, concurrency: 1 });
    expect(report.faults.map((it) => it.text)).toEqual([]);
    expect(report.hits).toBeGreaterThan(50);
  });

  it('while clients read and write at once', { timeout: 180_000 }, async () => {
    const report = await bench.run({ ...options, operations: 320, seed: 20250322, concurrency: 8 });
    expect(report.faults.map((it) => it.text)).toEqual([]);
  });
});
