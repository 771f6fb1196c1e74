import { describe, expect, it } from 'vitest';
import { HeavyHitters, Tally } from '../../../server/src/core/limits/ledger';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;

describe('Tally', () => {
  it('counts by minute and by hour', () => {
    const tally = new Tally();
    tally.add('allowed', NOW);
    tally.add('allowed', NOW + 1);
    tally.add('limited', NOW + MINUTE);
    tally.add('dryRun', NOW + MINUTE);
    const { minutes, hours } = tally.read(NOW + MINUTE);
    expect(minutes).toEqual([
      { at: NOW, allowed: 2, limited: 0, dryRun: 0 },
      { at: NOW + MINUTE, allowed: 0, limited: 1, dryRun: 1 },
    ]);
    expect(hours).toEqual([{ at: NOW, allowed: 2, limited: 1, dryRun: 1 }]);
  });

  it('forgets what is older than its rings', () => {
    const tally = new Tally();
    for (let i = 0; i < 5000; i++) tally.add('allowed', NOW + i * MINUTE);
    const { minutes, hours } = tally.read(NOW + 4999 * MINUTE);
    expect(minutes).toHaveLength(60);
    expect(hours).toHaveLength(48);
    expect(tally.read(NOW + 6000 * MINUTE).minutes).toEqual([]);
  });
});

describe('HeavyHitters', () => {
  it('finds the frequent names among any number of rare ones, in constant memory', () => {
    const hitters = new HeavyHitters(16);
    for (let i = 0; i < 5000; i++) {
      hitters.add(`rare-${i}`, i);
      if (i % 5 === 0) hitters.add('often', i);
      if (i % 7 === 0) hitters.add('less often', i);
    }
    expect(hitters.top(2).map((it) => it.name)).toEqual(['often', 'less often']);
    expect([...hitters.names()]).toHaveLength(16);
    const [first] = hitters.top(1);
    expect(first?.count).toBeGreaterThanOrEqual(1000);
    expect(first?.sure).toBeLessThanOrEqual(1000);
  });
});
