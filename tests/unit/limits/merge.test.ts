import { describe, expect, it } from 'vitest';
import { type PolicyStats, mergePolicies } from '../../../server/src/core/limits/ledger';

const slot = (at: number, allowed: number, limited = 0) => ({ at, allowed, limited, dryRun: 0 });
const policy = (name: string, more: Partial<PolicyStats>): PolicyStats => ({
  name,
  algorithm: 'sliding-window',
  quota: 5,
  window: 60_000,
  dryRun: false,
  minutes: [],
  hours: [],
  top: [],
  ...more,
});

describe('the policies of several instances', () => {
  it('are added up by their names', () => {
    const [reading, login, ...rest] = mergePolicies([
      [policy('reading', { minutes: [slot(60_000, 3, 1)] }), policy('login', {})],
      [policy('reading', { minutes: [slot(0, 1), slot(60_000, 4, 2)] })],
    ]);
    expect(rest).toEqual([]);
    expect(reading?.minutes).toEqual([slot(0, 1), slot(60_000, 7, 3)]);
    expect(login?.minutes).toEqual([]);
  });

  it('name those who were refused most by all of them', () => {
    const caller = (id: string, count: number, lastAt: number) => ({
      id,
      partition: `ip:${id}.*`,
      count,
      lastAt,
    });
    const [merged] = mergePolicies([
      [policy('reading', { top: [caller('a', 5, 10), caller('b', 1, 20)] })],
      [policy('reading', { top: [caller('b', 7, 15)] })],
    ]);
    expect(merged?.top).toEqual([caller('b', 8, 20), caller('a', 5, 10)]);
  });
});
